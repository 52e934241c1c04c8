/**
 * One run on a testbed that stands: begin, programs, events, end.
 */
import type {
  ProgramExit,
  ProgramSpec,
  RunningProgram,
  RunOptions,
  StartedTestbed,
} from "../engine/mod.ts";
import type { LinkBegun, LinkEnd, LinkSetting, SocketStates } from "../link/mod.ts";
import type { EndEvent, LinkEvent } from "../packet/mod.ts";
import type { Artifacts } from "./artifacts.ts";
import { lastPackets } from "./last_packets.ts";
import { readLines } from "./lines.ts";
import { serve, type ServeOptions, type Serving } from "./serve.ts";
import { type Silence, watchSilence } from "./silence.ts";
import { type ByDirection, UnderWay } from "./under_way.ts";

/** Who said a line: the server, or a client by its number, from 1. */
export type Speaker = { role: "server" } | { role: "client"; number: number };

/** What one run is made of. */
export interface RunPlan {
  up: LinkSetting;
  down: LinkSetting;
  /** The server to start; null where one already serves. */
  server: ProgramSpec | null;
  proto: "udp" | "tcp";
  port: number;
  /** The clients to start, all at once: one a host, in this order. */
  clients: ProgramSpec[];
  artifacts: Artifacts | null;
  /** What the run is told besides. */
  options?: RunOptions;
  /** Takes each event of the link, in order. */
  onEvent: (event: LinkEvent) => void;
  /** Takes each line that a program prints. */
  onLine: (speaker: Speaker, stream: "stdout" | "stderr", line: string) => void;
  /** Called once the link has begun, before any program is started. */
  onBegin?: (state: LinkBegun) => void;
  /** Called with the server once it serves, where one was started. */
  onServer?: (server: RunningProgram) => void;
  /** Called when the clients run on, but nothing has crossed the link for 10 s. */
  onSilence?: () => void;
  /** Called when another run has begun on the link while the clients of this one run on: the link's record of it is over. */
  onDisplaced?: () => void;
  /**
   * Whether all that clients have begun has come to its end. Where this is given, a run goes on for that when its clients
   * have ended: a FIN may still be on its way. It waits no longer than packets come, and a few seconds at most.
   */
  isOver?: () => boolean;
  /** Ends the run early: clients get SIGINT to say their last words, then the run ends as usual. */
  interrupt: AbortSignal;
}

/** How a run went. */
export interface RunOutcome {
  end: LinkEnd;
  /** Of the packets that the link counts as lost, those that were still on their way at the end. */
  under_way: ByDirection;
  /** Whether another run began on the link while this one went on: the counts and the record are of what was before. */
  displaced: boolean;
  /** By client, how it ended. */
  clients: ProgramExit[];
  /** How the server ended, where it did so before it was told to. */
  server: ProgramExit | null;
  interrupted: boolean;
  /** On TCP, the sockets of the server's port at the end, as its kernel counts them; null where they are another run's. */
  sockets: SocketStates | null;
  /** Milliseconds from the run's begin to the server listening. */
  listening_ms: number;
}

/**
 * Runs a plan to its end.
 *
 * @throws {ProgramError} Where the server does not come to serve.
 * @throws {LinkError} At a wrong profile or script.
 */
export async function runPlan(testbed: StartedTestbed, plan: RunPlan): Promise<RunOutcome> {
  const { artifacts, interrupt } = plan;
  const done = new AbortController();
  const follower = await follow(testbed, plan, done.signal);
  let quiet: Silence | null = null;
  try {
    for (const side of artifacts === null ? [] : ["client", "server"] as const) {
      artifacts!.appendAll(`${side}.pcap`, await testbed.capture(side, { signal: done.signal }));
    }
    const began = performance.now();
    const state = await testbed.begin(plan.up, plan.down, plan.options);
    if (state.joined) follower.join(state);
    plan.onBegin?.(state);
    await artifacts?.begin();
    await using server = await startServer(testbed, plan);
    const listening_ms = performance.now() - began;
    quiet = watchSilence(() => plan.onSilence?.());
    follower.onPacket = quiet.touch;
    const clients = await runClients(testbed, plan);
    if (plan.isOver !== undefined) {
      quiet.stop();
      const onPacket = (told: () => void) => follower.onPacket = told;
      const queued = async () => {
        const { up, down } = await testbed.show();
        return up.queued + down.queued;
      };
      await lastPackets({ isOver: plan.isOver, queued, onPacket, interrupt: plan.interrupt });
    }
    const crashed = await Promise.race([server?.exited ?? null, Promise.resolve(null)]);
    const { port } = plan;
    const counted = plan.proto === "tcp" ? await testbed.socketStates({ port }) : null;
    const displacedAt = follower.end;
    const displaced = displacedAt !== null;
    const sockets = displaced ? null : counted;
    follower.onOver = () => {};
    // The run on the link is another's then, and must not be ended for it.
    const end = displacedAt === null ? await testbed.end() : countsAt(displacedAt);
    if (!displaced && !end.last) await follower.leave(end, (await testbed.show()).t_us);
    await follower.ended;
    const interrupted = interrupt.aborted;
    const { under_way } = follower;
    return {
      end,
      under_way,
      displaced,
      clients,
      server: crashed,
      interrupted,
      sockets,
      listening_ms,
    };
  } finally {
    quiet?.stop();
    done.abort();
  }
}

/** What the link counted of a run that another has ended. */
function countsAt({ up, down, missed }: EndEvent): LinkEnd {
  return { up, down, missed, last: false, sharers: 1 };
}

interface Follower {
  /** Packets that were still on their way at the end, so far as the record tells. */
  under_way: ByDirection;
  onPacket: () => void;
  /** The run is over, whoever ended it. */
  onOver: () => void;
  /** The run's end, once it has come. */
  readonly end: EndEvent | null;
  /** The run was under way: what comes from now on is of it. */
  join(state: LinkBegun): void;
  /** It goes on without us, and that is the end of our record of it. */
  leave(counts: LinkEnd, t_us: number): Promise<void>;
  /** Settles at the run's `end` event, or ours. */
  ended: Promise<void>;
}

async function follow(
  testbed: StartedTestbed,
  plan: RunPlan,
  signal: AbortSignal,
): Promise<Follower> {
  const enough = new AbortController();
  const events = await testbed.events({ signal, enough: enough.signal });
  const underWay = new UnderWay();
  let begun = false, end: EndEvent | null = null;
  const take = (event: LinkEvent) => {
    // On a link that others have used, the end of their run comes first.
    begun ||= event.ev === "begin";
    if (!begun || end !== null) return;
    plan.artifacts?.append("events.jsonl", `${JSON.stringify(event)}\n`);
    if (event.ev === "packet") follower.onPacket();
    underWay.push(event);
    plan.onEvent(event);
    if (event.ev !== "end") return;
    end = event;
    follower.onOver();
  };
  const follower: Follower = {
    under_way: underWay.counts,
    onPacket: () => {},
    onOver: () => plan.onDisplaced?.(),
    get end() {
      return end;
    },
    join: (state) => take(beginOf(state)),
    async leave({ up, down, missed }, t_us) {
      enough.abort();
      await follower.ended;
      take({ v: 1, ev: "end", t_us, up, down, missed });
    },
    ended: (async () => {
      for await (const event of events) {
        take(event);
        if (end !== null) return;
      }
    })(),
  };
  follower.ended.catch(() => {}); // Whoever waits for it sees the error; nobody may come to wait.
  return follower;
}

/** The `begin` event of a run, for who comes later. */
function beginOf(state: LinkBegun): LinkEvent {
  const { epoch, driver, kernel, iproute2, why, server, mtu, congestion, up, down, t_us } = state;
  const setting = ({ profile, script }: LinkSetting) => ({ profile, script });
  const started = new Date(Date.now() - t_us / 1000).toISOString();
  return {
    ...{ v: 1, ev: "begin", epoch, started, driver },
    ...(kernel !== undefined && { kernel }),
    ...(iproute2 !== undefined && { iproute2 }),
    ...(why !== undefined && { why }),
    ...{ server, mtu, congestion },
    up: setting(up),
    down: setting(down),
  };
}

async function startServer(testbed: StartedTestbed, plan: RunPlan): Promise<Serving | null> {
  if (plan.server === null) return null;
  const options: ServeOptions = {
    proto: plan.proto,
    port: plan.port,
    signal: plan.interrupt,
    onLine: (stream, line) => {
      plan.artifacts?.append("server.log", `${line}\n`);
      plan.onLine({ role: "server" }, stream, line);
    },
  };
  const serving = await serve(testbed, plan.server, options);
  plan.onServer?.(serving.program);
  return serving;
}

interface Client {
  program: RunningProgram;
  exited: Promise<ProgramExit>;
  output: Promise<unknown>;
}

async function startClients(testbed: StartedTestbed, plan: RunPlan): Promise<Client[]> {
  return await Promise.all(plan.clients.map(async (spec, index): Promise<Client> => {
    const number = index + 1;
    const program = await testbed.startClient({ ...spec, host: number });
    const file = plan.clients.length === 1 ? "client.log" : `client${number}.log`;
    const output = Promise.all((["stdout", "stderr"] as const).map(async (stream) => {
      for await (const line of readLines(program[stream])) {
        plan.artifacts?.append(file, `${line}\n`);
        plan.onLine({ role: "client", number }, stream, line);
      }
    })).catch(() => {});
    return { program, exited: program.exited, output };
  }));
}

/** Runs the clients to their ends, or to the interrupt's. */
async function runClients(testbed: StartedTestbed, plan: RunPlan): Promise<ProgramExit[]> {
  const { interrupt } = plan;
  const clients = await startClients(testbed, plan);
  const exits = Promise.all(clients.map((client) => client.exited));
  const stop = () => clients.forEach((client) => client.program.kill("SIGINT"));
  interrupt.addEventListener("abort", stop, { once: true });
  if (interrupt.aborted) stop();
  try {
    await Promise.race([
      exits,
      testbed.broken.then((error) => Promise.reject(error)),
      afterAbort(interrupt, 1500),
    ]);
  } finally {
    interrupt.removeEventListener("abort", stop);
  }
  await Promise.all(clients.map((client) => client.program[Symbol.asyncDispose]()));
  await Promise.all(clients.map((client) => client.output));
  return await exits;
}

/** Settles so long after the signal; never without it. */
function afterAbort(signal: AbortSignal, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const begin = () => Deno.unrefTimer(setTimeout(resolve, ms) as unknown as number);
    if (signal.aborted) begin();
    else signal.addEventListener("abort", begin, { once: true });
  });
}
