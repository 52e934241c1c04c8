/** Visiting a testbed that another process owns: `lab shell`, or a run on a lab that is up. */
import type { StateFolder } from "./state.ts";
import type { ExpectedPrograms, StartedTestbed } from "./testbed.ts";

/** What a visitor is about to do. */
export interface AttachOptions {
  /** What will be started, as far as it is known; on the first `clients` hosts. */
  programs?: Pick<ExpectedPrograms, "client">;
  /** Default 1. */
  clients?: number;
  onNotice?: (line: string) => void;
}

/**
 * Returns a testbed that is up, to use beside its owner. Disposing ends what was started here, and leaves the rest.
 *
 * @throws {Error} Where it has ended since it was found.
 * @throws {UnfitError} At a program that its engine cannot run.
 */
export async function attachTestbed(
  folder: StateFolder,
  options: AttachOptions = {},
): Promise<StartedTestbed> {
  if (folder.record.docker !== undefined) {
    const { attachDockerTestbed } = await import("./docker/attach_docker.ts");
    return await attachDockerTestbed(folder, options);
  }
  const { attachLocalTestbed } = await import("./local/attach_local.ts");
  return await attachLocalTestbed(folder);
}
