/**
 * Tries to start a testbed, with the driver that stands on the most; says in one JSON line what came of it. A machine's
 * faults are set up around it.
 */
import { MachineError } from "../../machine_error.ts";
import { startLocalTestbed } from "../start_local.ts";

try {
  await using testbed = await startLocalTestbed({ lab: "trial", driver: "tun" });
  console.log(JSON.stringify({ driver: testbed.driver }));
} catch (error) {
  const { name, message } = error as Error;
  const packages = error instanceof MachineError ? error.packages : [];
  console.log(JSON.stringify({ name, message, packages }));
}
