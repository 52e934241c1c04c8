/** The local engine: programs in network namespaces of this machine, no Docker, as root or not. */
import { connectLink, type LinkClient, type LinkSetting } from "../../link/mod.ts";
import { MachineError } from "../machine_error.ts";
import type { ProgramSpec, RunningProgram, StartedTestbed, TestbedOptions } from "../testbed.ts";
import { hostsFile, MAX_CLIENTS, RESOLV_CONF, SERVER_ADDRESS } from "./addresses.ts";
import { type Inside, type Owner, programCommand, shellArgv, type Tools } from "./commands.ts";
import { startProgram } from "./program.ts";
import { fstab, setupScript } from "./script.ts";
import { createState, removeState, sweepStates, writeRecord } from "./state.ts";
import { findTools } from "./tools.ts";
import { startTree, type Tree } from "./tree.ts";

/** The checkout that this file belongs to. */
const root = decodeURIComponent(new URL("../../..", import.meta.url).pathname).replace(/\/$/, "");

/**
 * Starts a testbed on this machine.
 *
 * @throws {MachineError} In one line, with what to do; nothing is left then.
 */
export async function startLocalTestbed(options: TestbedOptions): Promise<StartedTestbed> {
  const { clients = 1, driver = "auto" } = options;
  if (!Number.isInteger(clients) || clients < 1 || clients > MAX_CLIENTS) {
    throw new RangeError(`Start 1 to ${MAX_CLIENTS} clients, not ${clients}`);
  }
  const tools = findTools();
  sweepStates();
  const userNamespace = Deno.uid() !== 0;
  const state = createState({
    lab: options.lab,
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
      link: linkCommand(driver),
      ...(options.signal ? { signal: options.signal } : {}),
    });
    try {
      state.record.link = tree.pid;
      writeRecord(state);
      const link = await connectLink(`${state.path}/control.sock`);
      return new LocalTestbed({ tools, tree, link, state: state.path, userNamespace, clients });
    } catch (error) {
      await tree.end();
      throw error;
    }
  } catch (error) {
    removeState(state.path);
    throw error;
  }
}

function linkCommand(driver: string): string[] {
  return [
    Deno.execPath(),
    "run",
    "--allow-all",
    "--no-config",
    "--no-lock",
    "--quiet",
    "--v8-flags=--max-semi-space-size=1,--optimize-for-size",
    `${root}/src/link/main.ts`,
    "--socket",
    // Its folder is its working folder, which the testbed's mounts hide by name.
    "/proc/self/cwd/control.sock",
    "--driver",
    driver,
    "--owner-stdin",
  ];
}

function writeMountFiles(state: string, clients: number): void {
  Deno.writeTextFileSync(`${state}/hosts`, hostsFile(clients, Deno.hostname()));
  Deno.writeTextFileSync(`${state}/resolv.conf`, RESOLV_CONF);
  const hide = state.slice(0, state.lastIndexOf("/"));
  Deno.writeTextFileSync(
    `${state}/fstab`,
    fstab({ state, hide, resolvConf: exists("/etc/resolv.conf") }),
  );
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Root without capabilities cannot read another's private folder: programs get the rights of the checkout's owner. */
function programOwner(): Owner {
  if (Deno.uid() !== 0) return null;
  const { uid, gid } = Deno.statSync(root);
  return uid === null || uid === 0 || gid === null ? null : { uid, gid };
}

/** What a testbed consists of. */
export interface Parts {
  tools: Tools;
  /** For a visitor, one that does not end. */
  tree: Pick<Tree, "pid" | "driver" | "ended" | "end">;
  link: LinkClient;
  /** The state folder's path. */
  state: string;
  userNamespace: boolean;
  clients: number;
}

/** A testbed as its owner, or a visitor, holds it. */
export class LocalTestbed implements StartedTestbed {
  readonly engine = "local";
  readonly driver;
  readonly serverAddress = SERVER_ADDRESS;
  readonly control: string;
  readonly broken: Promise<Error>;
  readonly #parts: Parts;
  readonly #inside: Inside;
  readonly #owner = programOwner();
  readonly #programs = new Set<RunningProgram>();
  #disposed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#inside = { pid: parts.tree.pid, userNamespace: parts.userNamespace };
    this.driver = parts.tree.driver;
    this.control = `${parts.state}/control.sock`;
    this.broken = new Promise((resolve) => {
      parts.tree.ended.then((said) => {
        if (!this.#disposed) resolve(new MachineError(said || "The link ended unasked"));
      });
    });
  }

  begin(up: LinkSetting, down: LinkSetting) {
    return this.#parts.link.begin(up, down);
  }
  set(change: { up?: LinkSetting; down?: LinkSetting }) {
    return this.#parts.link.set(change);
  }
  show() {
    return this.#parts.link.show();
  }
  reset() {
    return this.#parts.link.reset();
  }
  end() {
    return this.#parts.link.end();
  }
  events(options: { signal?: AbortSignal } = {}) {
    return this.#parts.link.events(options);
  }
  capture(side: "client" | "server") {
    return this.#parts.link.capture(side);
  }
  awaitListening(wanted: { proto: "udp" | "tcp"; port: number; timeoutMs: number }) {
    return this.#parts.link.awaitListening(wanted);
  }

  startServer(program: ProgramSpec): Promise<RunningProgram> {
    return this.#start(program, 0);
  }

  startClient(program: ProgramSpec): Promise<RunningProgram> {
    const { host = 1 } = program;
    if (!Number.isInteger(host) || host < 1 || host > this.#parts.clients) {
      throw new RangeError(`Use a client host from 1 to ${this.#parts.clients}, not ${host}`);
    }
    return this.#start(program, host);
  }

  #start(spec: ProgramSpec, client: number): Promise<RunningProgram> {
    const program = startProgram(
      programCommand(this.#parts.tools, this.#inside, {
        client,
        owner: this.#owner,
        cwd: spec.cwd ?? root,
        command: spec.command,
      }),
      spec,
    );
    this.#programs.add(program);
    program.exited.then(() => this.#programs.delete(program));
    return Promise.resolve(program);
  }

  shellCommand(where: "server" | "client" | "link"): string[] {
    return shellArgv(this.#parts.tools, this.#inside, {
      where,
      owner: this.#owner,
      cwd: Deno.cwd(),
      shell: Deno.env.get("SHELL") ?? "/bin/sh",
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#disposed) {
      this.#disposed = true;
      await Promise.all([...this.#programs].map((program) => program[Symbol.asyncDispose]()));
      this.#parts.link.close();
    }
    await this.#parts.tree.end();
  }
}
