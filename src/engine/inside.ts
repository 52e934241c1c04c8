/** Engines seen from inside their containers; loaded where they are used only. */
import type { InsideOptions } from "./inside/inside_testbed.ts";
import type { ServeInsideOptions } from "./inside/serve_inside.ts";
import type { StartedTestbed } from "./testbed.ts";

/**
 * Returns the testbed whose containers we are among: somebody else has started them.
 *
 * @throws {MachineError} In one line, where one of them does not come up.
 */
export async function joinInside(options: InsideOptions): Promise<StartedTestbed> {
  const { joinTestbed } = await import("./inside/inside_testbed.ts");
  return await joinTestbed(options);
}

/**
 * Keeps the server of the lab in whose server's container we are, until told to end or until the link has gone.
 *
 * @returns Whether it was told to end.
 */
export async function serveInside(options: ServeInsideOptions): Promise<boolean> {
  const { keepServing } = await import("./inside/serve_inside.ts");
  return await keepServing(options);
}
