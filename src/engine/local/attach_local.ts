/** Visiting a testbed of the local engine. */
import { connectLink } from "../../link/mod.ts";
import type { StartedTestbed } from "../testbed.ts";
import { LocalTestbed } from "./local_testbed.ts";
import type { StateFolder } from "../state.ts";
import { watchLink } from "../watch_link.ts";
import { needsUserNamespace } from "./rights.ts";
import { findTools } from "./tools.ts";

/**
 * Returns a testbed that is up, to use beside its owner. Disposing ends what was started here, and leaves the rest.
 *
 * @throws {Error} Where it has ended since it was found.
 */
export async function attachLocalTestbed({ path, record }: StateFolder): Promise<StartedTestbed> {
  const control = `${path}/control.sock`;
  const link = await connectLink(control);
  const { driver } = await link.show();
  const watch = await watchLink(control);
  const ended = watch.ended.then(() => "The link has ended");
  return new LocalTestbed({
    tools: findTools(),
    tree: {
      pid: record.link!,
      driver,
      ended,
      end: () => {
        watch[Symbol.dispose]();
        return Promise.resolve();
      },
    },
    link,
    state: path,
    userNamespace: needsUserNamespace(),
    clients: record.clients,
    visited: true,
  });
}
