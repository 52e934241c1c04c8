/**
 * The `tc` driver: the kernel's netem decides, and what comes and leaves is watched.
 */
import type { Driver } from "../driver.ts";
import type { LinkInterface } from "../routes.ts";
import type { TcFacts } from "./probe.ts";

/** Leads the packets of an interface through the kernel's netem. */
export function startTcDriver(_on: LinkInterface, _facts: TcFacts): Promise<Driver> {
  return Promise.reject(new Error("Not written yet"));
}
