/** Drivers for tests: of a driver that is there already. */
import type { Driver } from "./driver.ts";
import { Drivers } from "./drivers.ts";

/** Returns the drivers of a link that has this one alone. */
export function driversOf(driver: Driver): Promise<Drivers> {
  const none = () => Promise.reject(new Error("There is no other driver"));
  return Drivers.start("tun", {
    probe: none,
    startTc: none,
    startTun: () => Promise.resolve(driver),
  });
}
