/** A testbed seen from inside: link, server and we are containers of one lab, and somebody else started them. */
import {
  connectLink,
  type DriverName,
  type LinkClient,
  type LinkSetting,
  type LinkState,
} from "../../link/mod.ts";
import { LinkedTestbed } from "../linked_testbed.ts";
import { checkCommand } from "../check_command.ts";
import { MachineError } from "../machine_error.ts";
import type { ProgramSpec, RunningProgram } from "../program.ts";
import type { RunOptions, StartedTestbed } from "../testbed.ts";
import { makeWritable } from "../writable_folder.ts";
import { AGENT_SOCKET, CONTROL_SOCKET } from "./agent_protocol.ts";
import { startChild } from "./child.ts";
import { hireServer } from "./hired_server.ts";
import { reach } from "./reach.ts";

/** What joins us with the other containers. */
export interface InsideOptions {
  /** The lab, such as `lab3`: its link and its server are the services `lab3-link` and `lab3-server`. */
  lab: string;
  signal?: AbortSignal;
  /** Paths of the sockets; tests have theirs. */
  control?: string;
  agent?: string;
}

/**
 * Finds the containers of the lab that we are in.
 *
 * @throws {MachineError} In one line, where one of them does not come up.
 */
export async function joinTestbed(options: InsideOptions): Promise<InsideTestbed> {
  const { lab, signal, control = CONTROL_SOCKET, agent = AGENT_SOCKET } = options;
  const link = await reach(`${lab}-link`, () => connectLink(control), signal);
  const state = await link.show();
  const watch = await Deno.connect({ transport: "unix", path: control });
  return new InsideTestbed({ lab, control, agent, link, watch, state });
}

interface Parts {
  lab: string;
  control: string;
  agent: string;
  link: LinkClient;
  /** The link says nothing on a connection that asks nothing, until it ends. */
  watch: Deno.Conn;
  state: LinkState;
}

/** The lab's containers, for the runner among them. */
export class InsideTestbed extends LinkedTestbed implements StartedTestbed {
  readonly engine = "docker";
  readonly driver: DriverName;
  readonly serverAddress: string;
  readonly clientAddress: string;
  readonly broken: Promise<Error>;
  readonly #parts: Parts;
  readonly #programs = new Set<RunningProgram>();
  readonly #lost = Promise.withResolvers<Error>();
  #disposed = false;

  constructor(parts: Parts) {
    super(parts.link, parts.control);
    this.#parts = parts;
    this.driver = parts.state.driver;
    // A lab is given IPv6 to be seen with it.
    this.serverAddress = parts.state.server6 ?? parts.state.server;
    this.clientAddress = addressBeside(this.serverAddress, Deno.networkInterfaces());
    this.broken = this.#lost.promise;
    parts.watch.read(new Uint8Array(1)).catch(() => null).then(() => {
      if (this.#disposed) return;
      this.#lost.resolve(new MachineError("Run docker compose up again: the link has ended"));
    });
  }

  /** Joins the run of others who do the same: `docker compose up --scale` starts several of us. */
  override begin(
    up: LinkSetting,
    down: LinkSetting,
    { drawnSeeds = false, driver }: RunOptions = {},
  ) {
    const options = { join: true, reuseSeeds: drawnSeeds, ...(driver && { driver }) };
    return this.link.begin(up, down, options);
  }

  async startServer(
    { command, cwd = "/", env = {}, writes = [] }: ProgramSpec,
  ): Promise<RunningProgram> {
    checkCommand(command, cwd, Deno.env.get("PATH") ?? "");
    const { agent, lab } = this.#parts;
    try {
      // The server has our user, but not our group, to which a checkout of root's gives what runs write.
      makeWritable(writes);
    } catch {
      // The agent tries as well, and says why it cannot.
    }
    const open = () => Deno.connect({ transport: "unix", path: agent });
    const conn = await reach(`${lab}-server`, open);
    const server = await hireServer(conn, { command, cwd, env, writes });
    server.lost.then((error) => this.#lost.resolve(error));
    return this.#keep(server);
  }

  startClient(spec: ProgramSpec): Promise<RunningProgram> {
    checkCommand(spec.command, spec.cwd ?? "/", Deno.env.get("PATH") ?? "");
    return Promise.resolve(this.#keep(startChild(spec)));
  }

  #keep(program: RunningProgram): RunningProgram {
    this.#programs.add(program);
    program.exited.then(() => this.#programs.delete(program));
    return program;
  }

  /** @throws {Error} Always: a shell is opened from outside. */
  shell(): Promise<number> {
    return Promise.reject(new Error("Open a shell with docker compose exec"));
  }
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await Promise.all([...this.#programs].map((program) => program[Symbol.asyncDispose]()));
    this.link.close();
    try {
      this.#parts.watch.close();
    } catch {
      // The link was faster.
    }
  }
}

/**
 * Our address as the server sees it: of the same family as its own.
 *
 * @throws {MachineError} Where there is none.
 */
export function addressBeside(
  server: string,
  interfaces: readonly Pick<Deno.NetworkInterfaceInfo, "family" | "address" | "name">[],
): string {
  const family = server.includes(":") ? "IPv6" : "IPv4";
  const own = interfaces.find((one) =>
    one.family === family && one.name !== "lo" && !one.address.startsWith("fe80:")
  );
  if (own !== undefined) return own.address;
  throw new MachineError(`Give the client an ${family} address: the server has ${server}`);
}
