/** The testbed of checks, and another one where it broke. */
import type { EngineName } from "../engine/mod.ts";
import type { Lab } from "../lab/mod.ts";
import type { Ambient } from "./link_run.ts";
import { type Session, startSession } from "./session.ts";

/** What testbeds are started with. */
export interface SessionsOptions {
  lab: Lab;
  engine: EngineName | "auto";
  seed: bigint;
  /** The network beneath all checks. Default: a perfect wire. */
  ambient?: Ambient | null;
  onNotice?: (line: string) => void;
  signal: AbortSignal;
}

/** Starts a testbed when it is first needed, and anew after one was dropped. Disposing ends it. */
export class Sessions implements AsyncDisposable {
  readonly #options: SessionsOptions;
  #session: Session | null = null;
  engine: EngineName | null = null;
  driver: string | null = null;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** The network beneath all checks; null: a perfect wire. */
  get ambient(): Ambient | null {
    return this.#options.ambient ?? null;
  }

  /** @throws {MachineError | UnfitError} Where none can be had. */
  async get(): Promise<Session> {
    if (this.#session !== null) return this.#session;
    const { engine, lab, seed, onNotice, signal } = this.#options;
    const { ambient } = this;
    this.#session = await startSession({
      engine: this.engine ?? engine,
      lab: lab.manifest.id,
      port: lab.manifest.port,
      seed,
      ambient,
      signal,
      ...(onNotice === undefined ? {} : { onNotice }),
    });
    this.engine = this.#session.testbed.engine;
    this.driver = this.#session.testbed.driver;
    return this.#session;
  }

  /** Ends the testbed where something is left on it that keeps the next programs from what they need. */
  async leave(): Promise<void> {
    if (await this.#session?.isCrowded().catch(() => true)) await this.drop();
  }

  /** Ends the testbed that there is. */
  async drop(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    await session?.[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.drop();
  }
}
