/** A testbed of containers, as its owner or a visitor holds it. */
import { type DriverName, type LinkClient, LinkError } from "../../link/mod.ts";
import { LinkedTestbed } from "../linked_testbed.ts";
import { delay } from "../process.ts";
import type { ProgramSpec, RunningProgram } from "../program.ts";
import type { Sandbox, SandboxOptions, StartedTestbed } from "../testbed.ts";
import { explainDocker } from "./explain.ts";
import type { Programs } from "./programs.ts";
import { DockerSandbox } from "./sandbox.ts";
import { sandboxImage } from "./sandbox_image.ts";
import { runShell, type ShellSurroundings } from "./shell.ts";

/** Milliseconds that the reason for a link's end may come after it. */
const PATIENCE = 3000;

/** What a testbed consists of. */
export interface Parts extends ShellSurroundings {
  serverAddress: string;
  driver: DriverName;
  link: LinkClient;
  programs: Programs;
  /** Path of the control socket. */
  control: string;
  /** Settles where the link, or the engine, has ended though nobody asked it to, with the reason. */
  broken: Promise<Error>;
  /** Ends what there is besides programs. */
  end: () => Promise<void>;
}

/** A testbed of containers. */
export class DockerTestbed extends LinkedTestbed implements StartedTestbed {
  readonly engine = "docker";
  readonly driver: DriverName;
  readonly serverAddress: string;
  readonly broken: Promise<Error>;
  readonly #parts: Parts;
  #disposed = false;
  #sandboxes = 0;

  constructor(parts: Parts) {
    super(parts.link, parts.control);
    this.#parts = parts;
    this.driver = parts.driver;
    this.serverAddress = parts.serverAddress;
    this.broken = new Promise((resolve) => {
      parts.broken.then((error) => {
        if (!this.#disposed) resolve(error);
      });
    });
  }

  /** Where the link is gone, the reason is worth more than the fact. */
  protected override async told<T>(asked: Promise<T>): Promise<T> {
    try {
      return await asked;
    } catch (error) {
      if (error instanceof LinkError || this.#disposed) throw error;
      const late = delay(PATIENCE);
      const reason = await Promise.race([this.broken, late.done]);
      late.cancel();
      throw reason ?? error;
    }
  }

  startServer(program: ProgramSpec): Promise<RunningProgram> {
    return this.#parts.programs.start(program, "server");
  }

  async startClient(program: ProgramSpec): Promise<RunningProgram> {
    const { host = 1 } = program;
    const { clients } = this.#parts.facts;
    if (!Number.isInteger(host) || host < 1 || host > clients) {
      throw new RangeError(`Use a client host from 1 to ${clients}, not ${host}`);
    }
    return await this.#parts.programs.start(program, host);
  }

  async openSandbox({ image, ...options }: SandboxOptions): Promise<Sandbox> {
    const tag = await sandboxImage(this.#parts.engine, image);
    return new DockerSandbox({ ...options, image: tag }, this.#parts, ++this.#sandboxes);
  }

  prepare(where: "server" | number, program: ProgramSpec): void {
    this.#parts.programs.prepare([where], program).catch(() => {}); // Whoever starts it hears of it.
  }

  async shell(
    where: "server" | "client" | "link",
    options: { prompt: string },
  ): Promise<number> {
    try {
      return await runShell(this.#parts, where, options.prompt);
    } catch (error) {
      throw explainDocker(error, `open a shell at the ${where}`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.#parts.programs[Symbol.asyncDispose]();
    this.link.close();
    await this.#parts.end();
  }
}
