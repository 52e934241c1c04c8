/** One run of a comparison: a pair of programs, and what came of it. */
import type { StartedTestbed } from "../src/engine/mod.ts";
import { expectedAnswer, type LabManifest, parseSwarmResult } from "../src/lab/mod.ts";
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
  ProgramError,
  roundTrips,
  type RunOutcome,
  type RunPlan,
  runPlan,
  waitsOf,
} from "../src/run/mod.ts";
import { answerOptions } from "./answer_options.ts";
import type { LinkPlan } from "./link_options.ts";
import { MemoryWatch } from "./memory_watch.ts";
import { Printed } from "./printed.ts";
import type { RunValues, SettledPair } from "./run_settle.ts";

/** What a run of a pair is told. */
export interface PairOptions {
  link: LinkPlan;
  /** Whether the server stands already. */
  visited: boolean;
  driver: RunValues["driver"];
  artifacts: Artifacts | null;
  interrupt: AbortSignal;
  onBegin: (state: LinkBegun) => void;
  /** Called when another run has begun on the link while this one goes on. */
  onDisplaced: () => void;
  /** Takes what programs print on standard error. */
  onLine: (text: string) => void;
}

/** Runs a pair of programs over the link. Where its server does not come to serve, that is what is told of it. */
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
  const plan: RunPlan = {
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
    onEvent: (event) => {
      if (event.ev === "packet") memory.begin();
      told.event(event);
    },
    onDisplaced: options.onDisplaced,
    onLine: (speaker, stream, line) => {
      if (stream === "stderr") onLine(line);
      else if (speaker.role === "client") told.line(line);
    },
    ...(manifest.transport === "tcp" && { isOver: () => told.isOver }),
    interrupt,
  };
  try {
    const outcome = await runPlan(testbed, plan);
    return told.result(pair, outcome, memory.most);
  } catch (error) {
    if (!(error instanceof ProgramError) || interrupt.aborted) throw error;
    return neverServed(pair, error.message);
  }
}

function neverServed({ name, lab: { manifest } }: SettledPair, fault: string): Compared {
  return {
    name,
    transport: manifest.transport,
    served: false,
    ...{ asked: null, answered: null, seconds: null, wait_ms: null, swarm: null },
    ...{ memory_bytes: null, link: null, under_way: { up: 0, down: 0 } },
    fault,
  };
}

/** What a run tells while it goes. */
class Told {
  readonly #exchanges: Exchanges;
  readonly #connections = new Connections();
  readonly #printed = new Printed();
  #began = 0;
  #last = 0;

  constructor(lab: LabManifest) {
    const { timeout_ms: timeoutMs } = lab.defaults;
    this.#exchanges = new Exchanges({ ...answerOptions(lab), timeoutMs });
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
    this.#printed.take(line);
    this.#last = performance.now();
  }

  result(pair: SettledPair, outcome: RunOutcome, memory_bytes: number | null): Compared {
    const { manifest } = pair.lab;
    const swarm = pair.mode === "swarm" ? parseSwarmResult(this.#printed.last) : null;
    const answers = pair.mode === "keyboard" ? answersTo(manifest) : null;
    const { lines = [] } = manifest;
    const { any, text } = this.#printed;
    const { end, displaced } = outcome;
    const trips = roundTrips(
      manifest.transport === "udp"
        ? waitsOf(this.#exchanges.exchanges)
        : connectionWaits(this.#connections.connections),
    );
    return {
      name: pair.name,
      transport: manifest.transport,
      served: true,
      asked: swarm?.requests ?? (pair.mode === "keyboard" ? lines.length : null),
      answered: swarm?.answers ?? (answers && countAnswered(answers, text)),
      seconds: any ? (this.#last - this.#began) / 1000 : null,
      wait_ms: displaced ? null : trips && { p50: trips.p50, max: trips.max },
      swarm,
      memory_bytes,
      link: displaced ? null : { up: end.up, down: end.down },
      under_way: outcome.under_way,
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
