/** The bench of one check. */
import type { ProgramSpec } from "../engine/mod.ts";
import { byteCount, toBytes } from "./bytes.ts";
import type { Bench, Check } from "./check.ts";
import { CheckFailure, Inconclusive } from "./failure.ts";
import { guarded } from "./guarded.ts";
import { haveArrived } from "./have_arrived.ts";
import { judgedLogs } from "./judged_logs.ts";
import type { LinkWish } from "./link_run.ts";
import { withPatience } from "./peer/patience.ts";
import { PATIENCE_S } from "./peer_fault.ts";
import { type ProgramPlace, type Submission, withStart } from "./programs.ts";
import { randomOf } from "./random.ts";
import type { Session } from "./session.ts";
import { Steps } from "./steps.ts";
import {
  askOrFail,
  compare,
  datagramsOf,
  listenerOf,
  type SocketContext,
  streamOf,
} from "./streams.ts";
import { startTestedClient, startTestedServer, type Tested } from "./tested.ts";
import type { TestedPlace } from "./tested_place.ts";

/** What the bench of a check stands on. */
export interface BenchOptions {
  check: Check;
  place: ProgramPlace;
  submission: Submission;
  session: Session;
  /** Where the program is started. */
  tested: TestedPlace;
  seed: string;
  /** How often this check has begun, this time included. */
  attempt: number;
  /** Where a program may write, in `LAB/logs`. */
  out: string;
  signal: AbortSignal;
}

/** The bench as the runner of checks holds it. */
export interface OwnedBench {
  bench: Bench;
  steps: Steps;
  /** Programs under test in the order of their starts. */
  tested: readonly Tested[];
  /** Whether the testbed is starting a program: that takes as long as the machine takes. */
  readonly launching: boolean;
  /** Begins the link's run where the check has not. */
  begin(): Promise<void>;
  /** Settles where the network beneath has done what leaves nothing to judge, with what that was. */
  readonly spoiled: Promise<string>;
  /** The check is over: nothing is done on the bench any more. */
  close(): void;
}

/** Ticks that a program has to read what came before it is plain that it does not. */
const READ_TICKS = 6;

/** Returns the bench of a check. */
export function benchOf(options: BenchOptions): OwnedBench {
  const { check, place, submission, session, signal } = options;
  const { testbed, link, peers } = session;
  const { manifest } = place.lab;
  const { port, transport: proto } = manifest;
  const steps = new Steps();
  const tested: Tested[] = [];
  const server = `${testbed.serverAddress}:${port}`;
  const spoiled = Promise.withResolvers<string>();
  let wish: LinkWish = {};
  let begun: Promise<void> | undefined;
  let numbers = 0, launches = 0;

  const launch = async <T>(start: () => Promise<T>): Promise<T> => {
    launches++;
    try {
      return await start();
    } finally {
      launches--;
    }
  };
  const begin = () =>
    begun ??= link.begin(wish, { attempt: options.attempt, onSpoiled: spoiled.resolve });
  const context = async (host: number, whom: SocketContext["whom"]): Promise<SocketContext> => {
    return {
      peer: await launch(() => peers.at(host)),
      whom,
      fresh: () => ++numbers,
      heard: () => tested.forEach((one) => one.heard = true),
      async read(local, remote) {
        const at = await peers.at(whom === "server" ? 0 : 1);
        await at.ask({ op: "queue", which: "unread", local, remote, ticks: READ_TICKS });
      },
    };
  };
  const watch = (one: Tested, spec: ProgramSpec) => {
    // Started by what goes on behind a check that has failed: nobody ends it but we.
    if (over) return void one.stop().catch(() => {});
    tested.push(one);
    if (tested.length > 1) void peers.hurry(false).catch(() => {});
    // For the next check, or for a restart in this one.
    options.tested.prepare?.(one.role === "server" ? "server" : 1, spec);
    // What it sent may still be under way, but there is no point in waiting for more of it.
    // Once the check is over, programs are ended by us: the next check's peers are not to hurry.
    const hurry = () =>
      !over && tested.every(({ exit }) => exit !== null) ? peers.hurry(true) : null;
    void one.exited.then(hurry).catch(() => {});
  };

  const bench: Bench = {
    lab: manifest,
    port,
    random: randomOf(options.seed, check.id),
    logs: guarded(judgedLogs(options.tested.logs), () => over),
    step: (what, act) => steps.do(what, act),

    link(wanted) {
      if (begun !== undefined) throw new Error("Call link() first: the link's run has begun");
      // It begins with the first that may send: what is left of the check before has died away by then.
      wish = wanted;
      return Promise.resolve();
    },

    async startServer({ timeZone, listens = true, port: own = port, ...start } = {}) {
      const spec = submission.server(check.program, { out: options.out });
      const env = { ...start.env, ...(timeZone === undefined ? {} : { TZ: timeZone }) };
      const args = [...start.args ?? [], ...(own === port ? [] : ["--port", `${own}`])];
      const listening = own === port
        ? "the server starts and listens"
        : `started with --port ${own}, the server listens there`;
      const started = await steps.do(
        listens ? listening : "the server starts",
        () =>
          launch(() =>
            startTestedServer(
              { testbed, tested: options.tested },
              withStart(spec, { ...start, args, env }),
              {
                proto,
                port: own,
                listens,
                onStart: (one) => watch(one, spec),
                signal,
              },
            )
          ),
      );
      await begin();
      return started.program;
    },

    async startClient({ mode = "keyboard", values, lines, ...start } = {}) {
      await begin();
      const spec = submission.client(check.program, {
        out: options.out,
        host: testbed.serverAddress,
        mode,
        ...(values === undefined ? {} : { values }),
      });
      const started = await steps.do(
        "the client starts",
        () => launch(() => startTestedClient(options.tested, withStart(spec, start), lines)),
      );
      watch(started, spec);
      return started.program;
    },

    async connect({ host = 1 } = {}) {
      await begin();
      const at = await context(host, "server");
      const socket = at.fresh();
      const request = { op: "connect", socket, host: testbed.serverAddress, port } as const;
      return streamOf(at, socket, await askOrFail(at, request, { what: "the connection" }));
    },

    async datagrams({ host = 1, port: own = 0 } = {}) {
      await begin();
      const at = await context(host, "server");
      const socket = at.fresh();
      const { local } = await askOrFail(at, { op: "bind", socket, port: own });
      return datagramsOf(at, socket, { local: local!, server });
    },

    async listen() {
      const at = await context(0, "client");
      const socket = at.fresh();
      await at.peer.ask({ op: "listen", socket, port });
      return listenerOf(at, socket);
    },

    async serveDatagrams({ port: own = port } = {}) {
      const at = await context(0, "client");
      const socket = at.fresh();
      await at.peer.ask({ op: "bind", socket, port: own, clientStarts: true });
      return datagramsOf(at, socket, { local: `${testbed.serverAddress}:${own}` });
    },

    async packets() {
      await begin();
      return await link.packets();
    },
    async counts() {
      await begin();
      return await link.counts();
    },
    socketStates: () => testbed.socketStates({ port }),
    async isListening() {
      return (await testbed.awaitListening({ proto, port, timeoutMs: 0 })).listening;
    },
    // To ask is dear on an engine whose kernel has room for hundreds of thousands of connections.
    haveArrived: async () => proto === "udp" || await haveArrived(peers.running, server),

    async until(what, look) {
      const search = async () => {
        for (;;) {
          const found = await look();
          if (found !== undefined) return { found };
          if (over) return null;
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      };
      let over = false;
      const late = () => {
        over = true;
        return null;
      };
      const result = await withPatience(search(), late);
      if (result !== null) return result.found as never;
      throw new CheckFailure(`Timed out: not within ${PATIENCE_S} s: ${what}`, {
        mayHaveEnded: true,
      });
    },
    fail(message, seen = {}) {
      throw new CheckFailure(message, seen);
    },
    expectBytes(actual, expected, what) {
      const [was, wanted] = [toBytes(actual), toBytes(expected)];
      try {
        compare(was, wanted);
      } catch (error) {
        if (!(error instanceof CheckFailure)) throw error;
        // Where it does not tell of the length itself.
        const told = was.length === wanted.length || /^\d/.test(error.message);
        const size = told ? "" : ` (${byteCount(was.length)})`;
        throw new CheckFailure(`${what}${size}: ${error.message.replace(/^O/, "o")}`, error.facts);
      }
    },
    inconclusive(message) {
      throw new Inconclusive(message);
    },
  };
  let over = false;
  return {
    bench: guarded(bench, () => over),
    steps,
    tested,
    get launching() {
      return launches > 0;
    },
    begin,
    spoiled: spoiled.promise,
    close: () => over = true,
  };
}
