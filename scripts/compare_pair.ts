/** One run of a comparison: a pair of programs, and what came of it. */
import type { RunningProgram, StartedTestbed } from "../src/engine/mod.ts";
import {
  answeredPart,
  expectedAnswer,
  type LabManifest,
  parseSwarmResult,
} from "../src/lab/mod.ts";
import type { LinkBegun } from "../src/link/mod.ts";
import type { LinkEvent } from "../src/packet/mod.ts";
import {
  type Artifacts,
  type Compared,
  Connections,
  connectionWaits,
  countAnswered,
  endingText,
  Exchanges,
  roundTrips,
  type RunOutcome,
  runPlan,
  waitsOf,
} from "../src/run/mod.ts";
import type { LinkPlan } from "./link_options.ts";
import type { RunValues, SettledPair } from "./run_settle.ts";

/** Milliseconds between looks at the server's memory, at least. */
const lookEvery = 50;

/** What a run of a pair is told. */
export interface PairOptions {
  link: LinkPlan;
  /** Whether the server stands already. */
  visited: boolean;
  driver: RunValues["driver"];
  artifacts: Artifacts | null;
  interrupt: AbortSignal;
  onBegin: (state: LinkBegun) => void;
  /** Takes what programs print on standard error. */
  onLine: (text: string) => void;
}

/**
 * Runs a pair of programs over the link.
 *
 * @throws {ProgramError} Where its server does not come to serve.
 */
export async function comparePair(
  testbed: StartedTestbed,
  pair: SettledPair,
  options: PairOptions,
): Promise<Compared> {
  const { link, visited, driver, artifacts, interrupt, onBegin, onLine } = options;
  const { manifest } = pair.lab;
  const told = new Told(manifest);
  const { spec } = pair.client(testbed.serverAddress);
  await using memory = new MemoryWatch();
  const outcome = await runPlan(testbed, {
    up: link.up,
    down: link.down,
    server: visited ? null : pair.server(testbed.serverAddress).spec,
    proto: manifest.transport,
    port: manifest.port,
    clients: [{ ...spec, input: pair.input() ?? "none" }],
    artifacts,
    options: { drawnSeeds: link.drawn, ...(driver !== "auto" && { driver }) },
    onServer: (server) => {
      memory.follow(server);
      told.begin();
    },
    onBegin: (state) => {
      told.begin();
      onBegin(state);
    },
    onEvent: (event) => told.event(event),
    onLine: (speaker, stream, line) => {
      if (stream === "stderr") onLine(line);
      else if (speaker.role === "client") told.line(line);
    },
    ...(manifest.transport === "tcp" && { isOver: () => told.isOver }),
    interrupt,
  });
  return told.result(pair, outcome, memory.most);
}

/** What a run tells while it goes. */
class Told {
  readonly #exchanges: Exchanges;
  readonly #connections = new Connections();
  readonly #printed: string[] = [];
  #began = 0;
  #last = 0;

  constructor({ answer, defaults }: LabManifest) {
    const rules = answer === "date" ? {} : {
      answerHead: (head: Uint8Array) => expectedAnswer(answer, head)!,
      answerPart: (head: Uint8Array) => answeredPart(answer, head),
    };
    this.#exchanges = new Exchanges({ ...rules, timeoutMs: defaults.timeout_ms });
  }

  /** Clients start next. */
  begin(): void {
    this.#began = this.#last = performance.now();
  }

  /** Whether no connection is open. */
  get isOver(): boolean {
    return this.#connections.over;
  }

  event(event: LinkEvent): void {
    this.#exchanges.push(event);
    this.#connections.push(event);
    if (event.ev !== "end") return;
    this.#exchanges.finish();
    this.#connections.finish();
  }

  line(line: string): void {
    this.#printed.push(line);
    this.#last = performance.now();
  }

  result(pair: SettledPair, outcome: RunOutcome, memory_bytes: number | null): Compared {
    const { manifest } = pair.lab;
    const swarm = pair.mode === "swarm" ? parseSwarmResult(this.#printed.at(-1) ?? "") : null;
    const answers = pair.mode === "keyboard" ? answersTo(manifest) : null;
    const { lines = [] } = manifest;
    const printed = this.#printed.join("\n");
    const trips = roundTrips(
      manifest.transport === "udp"
        ? waitsOf(this.#exchanges.exchanges)
        : connectionWaits(this.#connections.connections),
    );
    return {
      name: pair.name,
      transport: manifest.transport,
      asked: swarm?.requests ?? (pair.mode === "keyboard" ? lines.length : null),
      answered: swarm?.answers ?? (answers && countAnswered(answers, printed)),
      seconds: (this.#last - this.#began) / 1000,
      wait_ms: trips && { p50: trips.p50, max: trips.max },
      swarm,
      memory_bytes,
      link: { up: outcome.end.up, down: outcome.end.down },
      fault: faultOf(pair, outcome, swarm !== null),
    };
  }
}

/** What a client prints of the answer to each line; null where that cannot be told. */
function answersTo({ answer, lines = [] }: LabManifest): string[] | null {
  const bytes = lines.map((line) => expectedAnswer(answer, new TextEncoder().encode(line)));
  return bytes.some((one) => one === null)
    ? null
    : bytes.map((one) => new TextDecoder().decode(one!));
}

function faultOf(
  { mode }: SettledPair,
  { server, clients, interrupted }: RunOutcome,
  counted: boolean,
): string | null {
  if (interrupted) return null;
  if (server !== null) {
    return `Keep the server running: it ended during the run, with ${endingText(server)}`;
  }
  const [exit] = clients;
  if (exit !== undefined && exit.code !== 0) {
    return `Look at what the client printed: it ended with ${endingText(exit)}`;
  }
  return mode === "swarm" && !counted
    ? "Let the swarm print its figures as its last line: it printed none"
    : null;
}

/** Looks at a server's memory now and then. */
class MemoryWatch implements AsyncDisposable {
  /** The most seen, in bytes; null where nobody can tell. */
  most: number | null = null;
  readonly #stop = Promise.withResolvers<void>();
  #looking: Promise<void> = Promise.resolve();
  #over = false;

  follow(server: RunningProgram): void {
    this.#looking = this.#look(server).catch(() => {});
  }

  async #look(server: RunningProgram): Promise<void> {
    while (!this.#over) {
      const began = performance.now();
      const bytes = await server.memory();
      if (bytes === null) return;
      this.most = Math.max(this.most ?? 0, bytes);
      // A tree of many processes takes a while to look at: that must not slow down what is looked at.
      const rest = delay(Math.max(lookEvery, 10 * (performance.now() - began)));
      await Promise.race([rest.done, this.#stop.promise]);
      rest.cancel();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    this.#stop.resolve();
    await this.#looking;
  }
}

/** Settles after so many milliseconds, unless it is called off. */
function delay(ms: number): { done: Promise<void>; cancel: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  return { done: promise, cancel: () => clearTimeout(timer) };
}
