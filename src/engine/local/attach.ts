/** Visiting a testbed that another process owns: `lab netem`, `lab shell`, or a run on a lab that is up. */
import { connectLink } from "../../link/mod.ts";
import type { StartedTestbed } from "../testbed.ts";
import { LocalTestbed } from "./local_testbed.ts";
import type { StateFolder } from "../state.ts";
import { needsUserNamespace } from "./rights.ts";
import { findTools } from "./tools.ts";

/**
 * Returns a testbed that is up, to use beside its owner. Disposing ends what was started here, and leaves the rest.
 *
 * @throws {Error} Where it has ended since it was found.
 */
export async function attachTestbed({ path, record }: StateFolder): Promise<StartedTestbed> {
  const control = `${path}/control.sock`;
  const link = await connectLink(control);
  const { driver } = await link.show();
  // The link says nothing on a connection that asks nothing, until it ends.
  const watch = await Deno.connect({ transport: "unix", path: control });
  const ended = watch.read(new Uint8Array(1)).catch(() => null).then(() => "The link has ended");
  return new LocalTestbed({
    tools: findTools(),
    tree: {
      pid: record.link!,
      driver,
      ended,
      end: () => {
        try {
          watch.close();
        } catch {
          // Closed already.
        }
        return Promise.resolve();
      },
    },
    link,
    state: path,
    userNamespace: needsUserNamespace(),
    clients: record.clients,
  });
}
