/** Starting a testbed of the local engine: state folder, namespaces, link. */
import { connectLink, linkCommand } from "../../link/mod.ts";
import { advise } from "../advice.ts";
import { MachineError } from "../machine_error.ts";
import { probeMachine } from "../probe.ts";
import type { TestbedOptions } from "../testbed.ts";
import { hostsFile, MAX_CLIENTS, RESOLV_CONF } from "./addresses.ts";
import { LocalTestbed } from "./local_testbed.ts";
import { startTime } from "../process.ts";
import { needsUserNamespace } from "./rights.ts";
import { fstab, setupScript } from "./script.ts";
import {
  createState,
  existingBases,
  removeState,
  stateError,
  type StateFolder,
  sweepStates,
  writeRecord,
} from "../state.ts";
import { findTools } from "./tools.ts";
import { SetupError, startTree } from "./tree.ts";

/** What a look at this engine's needs leaves out. */
const NO_DOCKER = { socket: null, version: null, kernel: null, reason: "absent" } as const;

/** What only this room's tests set. */
export interface Internals {
  /** argv that the first process becomes, instead of the link. */
  link?: string[];
  /** Milliseconds until the link must be ready. */
  deadlineMs?: number;
}

/**
 * Starts a testbed on this machine.
 *
 * @throws {MachineError} In one line, with what to do; nothing is left then.
 * @throws {RangeError} At a number of clients that the network has no room for.
 */
export async function startLocalTestbed(
  options: TestbedOptions,
  internals: Internals = {},
): Promise<LocalTestbed> {
  const { clients = 1, driver = "auto", signal } = options;
  if (!Number.isInteger(clients) || clients < 1 || clients > MAX_CLIENTS) {
    throw new RangeError(`Start 1 to ${MAX_CLIENTS} clients, not ${clients}`);
  }
  signal?.throwIfAborted();
  const tools = findTools();
  sweepStates();
  const userNamespace = needsUserNamespace();
  const state = createState({
    lab: options.lab,
    ...(options.program === undefined ? {} : { program: options.program }),
    engine: "local",
    kind: options.kind ?? "run",
    since: new Date().toISOString(),
    clients,
  });
  try {
    writeMountFiles(state.path, clients);
    const tree = await startTree({
      tools,
      userNamespace,
      script: setupScript(clients),
      state: state.path,
      link: internals.link ?? linkCommand(Deno.execPath(), {
        device: "eth0",
        // Its folder is its working folder, which the testbed's mounts hide by name.
        socket: "/proc/self/cwd/control.sock",
        driver,
        ownerStdin: true,
      }),
      ...(signal ? { signal } : {}),
      ...(options.onNotice ? { onNotice: options.onNotice } : {}),
      ...(internals.deadlineMs ? { deadlineMs: internals.deadlineMs } : {}),
    });
    try {
      recordLink(state, tree.pid);
      const link = await connectLink(`${state.path}/control.sock`);
      signal?.throwIfAborted();
      return new LocalTestbed({ tools, tree, link, state: state.path, userNamespace, clients });
    } catch (error) {
      await tree.end();
      throw error;
    }
  } catch (error) {
    removeState(state.path);
    throw error instanceof SetupError ? await diagnose(error, signal) : error;
  }
}

/** Others find the link by its process id: a shell, or whoever cleans up. */
function recordLink(state: StateFolder, pid: number): void {
  state.record.link = pid;
  state.record.linkStart = startTime(pid) ?? "";
  try {
    writeRecord(state);
  } catch (cause) {
    throw stateError(state.path, cause);
  }
}

function writeMountFiles(state: string, clients: number): void {
  try {
    Deno.writeTextFileSync(`${state}/hosts`, hostsFile(clients, Deno.hostname()));
    Deno.writeTextFileSync(`${state}/resolv.conf`, RESOLV_CONF);
    Deno.writeTextFileSync(
      `${state}/fstab`,
      fstab({ state, hide: existingBases(), resolvConf: exists("/etc/resolv.conf") }),
    );
  } catch (cause) {
    throw stateError(state, cause);
  }
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Looks at the machine for what stands in the way: which setting, which module. */
async function diagnose(error: SetupError, signal?: AbortSignal): Promise<Error> {
  const { findings } = advise({ ...await probeMachine(signal), docker: NO_DOCKER });
  const finding = findings.find(({ state, remedy }) => state === "missing" && remedy !== undefined);
  if (finding === undefined) return error;
  const todo = finding.remedy!;
  // A remedy that begins in lower case is a command line.
  const first = /^[a-z]/.test(todo) ? `Run ${todo}` : todo;
  return new MachineError(`${first}: ${finding.topic.toLowerCase()} ${finding.found}`, {
    cause: error,
  });
}
