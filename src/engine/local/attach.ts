/** Visiting a testbed that another process owns: `lab netem`, `lab shell`, or a run on a lab that is up. */
import { connectLink } from "../../link/mod.ts";
import type { StartedTestbed } from "../testbed.ts";
import { LocalTestbed } from "./local_testbed.ts";
import type { StateFolder } from "./state.ts";
import { findTools } from "./tools.ts";

/**
 * Returns a testbed that is up, to use beside its owner. Disposing ends what was started here, and leaves the rest.
 *
 * @throws {Error} Where it has ended since it was found.
 */
export async function attachTestbed({ path, record }: StateFolder): Promise<StartedTestbed> {
  const link = await connectLink(`${path}/control.sock`);
  const { driver } = await link.show();
  return new LocalTestbed({
    tools: findTools(),
    tree: {
      pid: record.link!,
      driver,
      // Its owner knows; a visitor learns it from the link's connection.
      ended: new Promise(() => {}),
      end: () => Promise.resolve(),
    },
    link,
    state: path,
    userNamespace: Deno.uid() !== 0,
    clients: record.clients,
  });
}
