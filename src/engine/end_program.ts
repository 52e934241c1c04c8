/** How a program is ended from outside. */
import { delay } from "./process.ts";
import type { RunningProgram } from "./program.ts";

/** Milliseconds between SIGTERM and SIGKILL. */
const PATIENCE = 2000;

/** Ends a program that runs: SIGTERM, then SIGKILL after 2 s. Settles when it has ended, or has been sent that. */
export async function endProgram(
  { kill, exited }: Pick<RunningProgram, "kill" | "exited">,
): Promise<void> {
  kill("SIGTERM");
  const late = delay(PATIENCE);
  await Promise.race([exited, late.done.then(() => kill("SIGKILL"))]);
  late.cancel();
}
