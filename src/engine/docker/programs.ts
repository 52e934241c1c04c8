/** The programs of a testbed: which container each gets, prepared early where it is known what will come. */
import type { ContainerProgram, ProgramSpec, RunningProgram } from "../program.ts";
import { UnfitError } from "../unfit_error.ts";
import { type Engine, startContainer, type Started } from "./container.ts";
import { heldContainer, type Place, type TestbedFacts } from "./containers.ts";
import type { EngineEvents } from "./events.ts";
import { explainDocker } from "./explain.ts";
import { PROGRAMS_IMAGE } from "./image_names.ts";
import { becomeProgram } from "./program.ts";
import { removeContainers } from "./removal.ts";
import { makeWritable } from "../writable_folder.ts";
import { inTurns } from "./in_turns.ts";
import type { Subnet } from "./subnet.ts";
import { checkFit, type ContainerUser, containerUser, foldersOf } from "./user.ts";

/** Containers started at a time. */
const AT_ONCE = 4;

/** Where a program runs: at the server, or on a client host, from 1. */
export type Host = "server" | number;

/** What programs are started with. */
export interface ProgramsOptions {
  engine: Engine;
  events: EngineEvents;
  facts: TestbedFacts;
  subnet: Subnet;
  /** Whether client hosts have containers of their own, beside which programs are started. */
  hosts: boolean;
  /** Whether the testbed is another process's: names then say whose a container is. */
  visitor: boolean;
  /** Settles where the engine, or the link, is lost. */
  broken: Promise<unknown>;
  /** Called before a container is made. */
  onMake?: () => void;
}

/** What a program's container must have. */
interface Needs {
  folders: string[];
  /** Of these it may write. */
  writes: string[];
  limits: ContainerProgram["limits"];
  user: ContainerUser;
}

/** Starts programs. Disposing ends those that run. */
export class Programs implements AsyncDisposable {
  readonly #options: ProgramsOptions;
  /** By host, a container started for a program to come, with what it has. */
  readonly #early = new Map<Host, { started: Promise<Started>; needs: string }>();
  /** By client host, the container that has its network. */
  readonly #standing = new Map<number, { id: string; ended: boolean }>();
  readonly #running = new Set<RunningProgram>();
  readonly #starting = new Set<Promise<unknown>>();
  readonly #names = new Set<string>();
  #disposed = false;

  constructor(options: ProgramsOptions) {
    this.#options = options;
  }

  /**
   * Starts a container at each host for a program to come, which then costs only the program's own start.
   *
   * @param before What must be done before they start.
   */
  async prepare(
    hosts: readonly Host[],
    spec: ProgramSpec,
    before?: Promise<unknown>,
  ): Promise<void> {
    const needs = needsOf(spec);
    const wanted = hosts.filter((host) => this.#early.get(host)?.needs !== JSON.stringify(needs));
    const places = wanted.map((host) => {
      const { promise, resolve, reject } = Promise.withResolvers<Started>();
      promise.catch(() => {}); // Whoever starts the program hears of it.
      this.#discard(this.#early.get(host)?.started);
      this.#early.set(host, { started: promise, needs: JSON.stringify(needs) });
      return { host, promise, resolve, reject };
    });
    await inTurns(places, AT_ONCE, async ({ host, resolve, reject }) => {
      await this.#hold(host, needs, before).then(resolve, reject);
    });
    await Promise.all(places.map(({ promise }) => promise));
  }

  /** Removes a container that waits for a program which does not come; one that has its host's network stays for that. */
  #discard(early: Promise<Started> | undefined): void {
    if (early === undefined) return;
    const discarding = early.then(async ({ id, attached }) => {
      if ([...this.#standing.values()].some((standing) => standing.id === id)) return;
      attached.close();
      await removeContainers(this.#options.engine.docker, [id]);
    }).catch(() => {}).finally(() => this.#starting.delete(discarding));
    this.#starting.add(discarding);
  }

  /** Starts a program; resolves once its container has been told. */
  async start(spec: ProgramSpec, host: Host): Promise<RunningProgram> {
    if (this.#disposed) throw new Error("Start another testbed: this one has ended");
    const starting = this.#start(spec, host);
    this.#starting.add(starting);
    try {
      const program = await starting;
      this.#running.add(program);
      program.exited.then(() => this.#running.delete(program));
      return program;
    } finally {
      this.#starting.delete(starting);
    }
  }

  async #start(spec: ProgramSpec, host: Host): Promise<RunningProgram> {
    const needs = needsOf(spec);
    const { engine, events, broken } = this.#options;
    const early = this.#early.get(host);
    const fits = early?.needs === JSON.stringify(needs);
    if (fits) this.#early.delete(host);
    try {
      const started = await (fits ? early!.started : this.#hold(host, needs));
      const cwd = spec.cwd ?? needs.folders[0] ?? "/";
      return await becomeProgram(started, { ...spec, cwd }, { engine, events, lost: broken });
    } catch (error) {
      throw explainDocker(error, `start the program at ${nameOf(host)}`);
    }
  }

  async #hold(host: Host, needs: Needs, before?: Promise<unknown>): Promise<Started> {
    const { engine, facts, hosts, onMake, events } = this.#options;
    if (this.#disposed) throw new Error("Start another testbed: this one has ended");
    makeWritable(needs.writes);
    onMake?.();
    const place = this.#placeOf(host);
    const role = nameOf(host);
    const config = heldContainer(facts, { image: PROGRAMS_IMAGE, role, place, ...needs });
    const name = this.#freshName(role);
    const started = await startContainer(engine, { ...config, name }, before ? { before } : {});
    if (host !== "server" && !hosts && "host" in place) {
      const standing = { id: started.id, ended: false };
      this.#standing.set(host, standing);
      events.endOf(started.id).then(() => standing.ended = true);
    }
    return started;
  }

  #placeOf(host: Host): Place {
    const { facts, subnet, hosts } = this.#options;
    if (host === "server") return { beside: `${facts.name}-link` };
    if (hosts) return { beside: `${facts.name}-client${host}` };
    const standing = this.#standing.get(host);
    return standing === undefined || standing.ended ? { host, subnet } : { beside: standing.id };
  }

  /** The plain name for the first at a place; one that has just ended may have its name yet. */
  #freshName(role: string): string {
    const { facts, visitor, hosts } = this.#options;
    const plain = `${facts.name}-${role}`;
    const taken = visitor || this.#names.has(plain) || (hosts && role !== "server");
    const name = taken ? `${plain}-${Deno.pid}-${this.#names.size + 1}` : plain;
    this.#names.add(name);
    return name;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    await Promise.allSettled(this.#starting);
    await Promise.all([...this.#running].map((program) => program[Symbol.asyncDispose]()));
    await Promise.allSettled([...this.#early.values()].map(({ started }) => started));
  }
}

/**
 * Checks that a program can be run in a container, and returns what that must have.
 *
 * @throws {UnfitError} saying what to do.
 */
export function needsOf({ container, command, writes = [] }: ProgramSpec): Needs {
  if (container === undefined) {
    throw new UnfitError(
      `Use --engine local, or a .ts or .js program: containers have nothing to run ${
        command[0]
      } with`,
    );
  }
  const folders = foldersOf(container.reads);
  const user = containerUser(folders);
  checkFit(container, user);
  return { folders, writes, limits: container.limits, user };
}

function nameOf(host: Host): string {
  return host === "server" ? "server" : `client${host}`;
}
