/** A testbed of the local engine, as its owner or a visitor holds it. */
import type { LinkClient } from "../../link/mod.ts";
import { LinkedTestbed } from "../linked_testbed.ts";
import { MachineError } from "../machine_error.ts";
import type { ProgramSpec, RunningProgram } from "../program.ts";
import type { StartedTestbed } from "../testbed.ts";
import { SERVER_ADDRESS } from "./addresses.ts";
import { checkCommand } from "../check_command.ts";
import { type Inside, programCommand, shellArgv, type Tools } from "./commands.ts";
import { makeWritable } from "../writable_folder.ts";
import { startProgram } from "./program.ts";
import { orphansOf, sessionOf, signal } from "../process.ts";
import { programEnv, programOwner } from "./rights.ts";
import type { Tree } from "./tree.ts";

/** The checkout that this file belongs to. */
const root = decodeURIComponent(new URL("../../..", import.meta.url).pathname).replace(/\/$/, "");

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
  /** Whether it is another's: others may have programs there. Default false. */
  visited?: boolean;
}

/** A testbed of this machine. */
export class LocalTestbed extends LinkedTestbed implements StartedTestbed {
  readonly engine = "local";
  readonly driver;
  readonly serverAddress = SERVER_ADDRESS;
  readonly broken: Promise<Error>;
  readonly #parts: Parts;
  readonly #inside: Inside;
  readonly #programs = new Set<RunningProgram>();
  readonly #starting = new Set<Promise<RunningProgram>>();
  #disposed = false;

  constructor(parts: Parts) {
    super(parts.link, `${parts.state}/control.sock`);
    this.#parts = parts;
    this.#inside = { pid: parts.tree.pid, userNamespace: parts.userNamespace };
    this.driver = parts.tree.driver;
    this.broken = new Promise((resolve) => {
      parts.tree.ended.then((said) => {
        if (!this.#disposed) resolve(new MachineError(said));
      });
    });
  }

  startServer(program: ProgramSpec): Promise<RunningProgram> {
    return this.#start(program, 0);
  }

  async startClient(program: ProgramSpec): Promise<RunningProgram> {
    const { host = 1 } = program;
    if (!Number.isInteger(host) || host < 1 || host > this.#parts.clients) {
      throw new RangeError(`Use a client host from 1 to ${this.#parts.clients}, not ${host}`);
    }
    return await this.#start(program, host);
  }

  async #start(spec: ProgramSpec, client: number): Promise<RunningProgram> {
    if (this.#disposed) throw new Error("Start another testbed: this one has ended");
    const { tools } = this.#parts;
    const cwd = spec.cwd ?? folderOf(spec.command) ?? root;
    const owner = programOwner(this.#inside.userNamespace, [cwd, root]);
    const extra = spec.env ?? {};
    const env = programEnv(Deno.env.toObject(), { owner, passwd: passwd(), extra });
    checkCommand(spec.command, cwd, env.PATH ?? "");
    makeWritable(spec.writes ?? []);
    const starting = startProgram({
      argv: programCommand(tools, this.#inside, { client, owner, cwd, command: spec.command }),
      env,
      input: spec.input ?? "none",
      first: this.#inside.pid,
    });
    this.#starting.add(starting);
    try {
      const program = await starting;
      this.#programs.add(program);
      program.exited.then(() => this.#programs.delete(program));
      return {
        ...program,
        [Symbol.asyncDispose]: async () => {
          await program[Symbol.asyncDispose]();
          if (!this.#parts.visited) this.#endOrphans();
        },
      };
    } finally {
      this.#starting.delete(starting);
    }
  }

  /** Ends what programs that have ended left behind in sessions of its own: it would serve in the next one's place. */
  #endOrphans(): void {
    const sessions = [...this.#programs].map(({ pid }) => pid === null ? null : sessionOf(pid));
    const running = new Set(sessions.filter((session) => session !== null));
    for (const pid of orphansOf(this.#inside.pid, running)) signal(pid, "SIGKILL");
  }

  async shell(
    where: "server" | "client" | "link",
    { prompt }: { prompt: string },
  ): Promise<number> {
    const [command, ...args] = this.shellCommand(where);
    const child = new Deno.Command(command!, {
      args,
      stdin: "inherit",
      stdout: "inherit",
      stderr: "inherit",
      env: { PS1: prompt },
    }).spawn();
    return (await child.status).code;
  }

  /** argv that opens a shell at a place. */
  shellCommand(where: "server" | "client" | "link"): string[] {
    const cwd = Deno.cwd();
    const owner = where === "link" ? null : programOwner(this.#inside.userNamespace, [cwd, root]);
    const env = programEnv(Deno.env.toObject(), { owner, passwd: passwd() });
    const changed = Object.entries(env).filter(([name, value]) => Deno.env.get(name) !== value);
    return shellArgv(this.#parts.tools, this.#inside, {
      where,
      owner,
      cwd,
      env: Object.fromEntries(changed),
      shell: Deno.env.get("SHELL") || "/bin/sh",
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#disposed) {
      this.#disposed = true;
      await Promise.allSettled(this.#starting);
      await Promise.all([...this.#programs].map((program) => program[Symbol.asyncDispose]()));
      this.link.close();
    }
    await this.#parts.tree.end();
  }
}

/** The folder of the program: of the first file that a command line names by its whole path, behind the executable. */
function folderOf(command: readonly string[]): string | null {
  const files = command.slice(1).filter((word) => word.startsWith("/") && !/\.jsonc?$/.test(word));
  const file = files.find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
  return file === undefined ? null : file.slice(0, file.lastIndexOf("/")) || "/";
}

function passwd(): string {
  try {
    return Deno.readTextFileSync("/etc/passwd");
  } catch {
    return "";
  }
}
