/**
 * Many clients at once, and what they get. Each connects, then thinks and asks in turn; when all have
 * come, one more does: how long until it has its first answer?
 *
 *     deno run --allow-net swarm.ts [--host server] [--port 12000] [--clients 10] [--count 10]
 *         [--think MS] [--size BYTES] [--idle N] [--seconds N] [--json]
 *
 * With --idle N, so many more connect first, say nothing, and ask once when the others are through.
 */
import { parseArgs } from "@std/cli/parse-args";

/** So many clients start in a second: all in the same moment would be a flood, not a crowd. */
const STARTS_PER_SECOND = 2_000;

const options = parseArgs(Deno.args, {
  string: ["host", "port", "clients", "count", "think", "size", "idle", "seconds"],
  boolean: ["json"],
  default: { host: "server", port: "12000", clients: "10", count: "10", think: "50", size: "32" },
  unknown: (argument) => fail(`unknown option ${argument}`, 2),
});
const server = { hostname: options.host, port: number("port", options.port, 1, 65_535) };
const clients = number("clients", options.clients, 1, 20_000);
const count = number("count", options.count, 1, 1_000_000);
const think = number("think", options.think, 0, 3_600_000);
const size = number("size", options.size, 1, 65_536);
const idle = number("idle", options.idle ?? "0", 0, 20_000);
/** Whoever has no answer by then is counted as waiting. */
const patience = 1_000 * number("seconds", options.seconds ?? "10", 1, 3_600);

const message = new TextEncoder().encode("swarm ".repeat(size).slice(0, size - 1) + "\n");
const expected = new TextEncoder().encode("SWARM ".repeat(size).slice(0, size - 1) + "\n");

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    console.log("Swarm stopped");
    Deno.exit(0);
  });
}

/** A connection on which bytes are asked for all the time, so that its end is noticed at once. */
class Connection {
  answers = 0;
  #ended = false;
  #coming: Promise<number | null>;
  readonly #buffer = new Uint8Array(4_096);

  constructor(readonly conn: Deno.TcpConn) {
    this.#coming = this.#read();
  }

  #read(): Promise<number | null> {
    const coming = this.conn.read(this.#buffer);
    coming.then((length) => this.#ended ||= length === null, () => this.#ended = true);
    return coming;
  }

  /** Sends the message, and reads until its answer is there, in however many pieces it comes. */
  async ask() {
    if (this.#ended) throw new Error("the server closed the connection");
    for (let sent = 0; sent < size;) sent += await this.conn.write(message.subarray(sent));
    for (let have = 0; have < size;) {
      const length = await this.#coming;
      if (length === null) throw new Error("the server closed the connection");
      for (let i = 0; i < length; i++) {
        if (this.#buffer[i] !== expected[have + i]) throw new Error("a wrong answer came");
      }
      have += length;
      this.#coming = this.#read();
    }
    this.answers++;
  }
}

/** Clients that do the same, and what becomes of them. */
class Crowd {
  opened = 0;
  requests = 0;
  answered = 0;
  /** What ended a client before its last answer, and how many. */
  readonly faults = new Map<string, number>();
  /** Milliseconds from each message to its answer. */
  readonly times: number[] = [];
  begun = Infinity;
  over = 0;

  constructor(readonly asks: number, readonly pause: () => Promise<unknown>) {}

  get lost(): number {
    return [...this.faults.values()].reduce((sum, n) => sum + n, 0);
  }

  /** Starts clients one after another; `come` settles once all are connected, `gone` once all are through. */
  start(size: number) {
    const doors: Promise<void>[] = [];
    const ways = Array.from({ length: size }, async (_, i) => {
      const door = Promise.withResolvers<void>();
      doors.push(door.promise);
      await sleep(1_000 * i / STARTS_PER_SECOND);
      await this.#client(door.resolve);
      door.resolve();
    });
    return { come: Promise.all(doors), gone: Promise.all(ways) };
  }

  async #client(opened: () => void) {
    let connection: Connection | undefined;
    try {
      connection = await this.#open();
      opened();
      for (let i = 0; i < this.asks; i++) {
        await this.pause();
        const asked = performance.now();
        this.begun = Math.min(this.begun, asked);
        this.requests++;
        try {
          await connection.ask();
        } catch (error) {
          // Some servers answer once on each connection, and close it.
          if (connection.answers === 0) throw error;
          connection.conn.close();
          connection = await this.#open();
          await connection.ask();
        }
        this.over = performance.now();
        this.times.push(this.over - asked);
      }
      this.answered++;
    } catch (error) {
      const { message } = error as Error;
      this.faults.set(message, (this.faults.get(message) ?? 0) + 1);
    } finally {
      connection?.conn.close();
    }
  }

  async #open(): Promise<Connection> {
    const connection = new Connection(await Deno.connect(server));
    this.opened++;
    return connection;
  }
}

const { promise: others, resolve: othersAreThrough } = Promise.withResolvers<void>();
const silent = new Crowd(1, () => others);
const waits = silent.start(idle);
await soon(waits.come);

const crowd = new Crowd(count, () => sleep(2 * think * Math.random()));
const { come, gone } = crowd.start(clients);
await soon(come);
const arrived = performance.now();
const last = new Crowd(1, () => Promise.resolve());
await soon(Promise.all([gone, last.start(1).gone]));

othersAreThrough();
await soon(waits.gone);
report();

/** Waits for it, as long as we have patience. */
async function soon(what: Promise<unknown>) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, patience);
  await Promise.race([what, promise]);
  clearTimeout(timer);
}

function report(): never {
  if (crowd.opened === 0 && crowd.lost === clients) {
    const [reason = ""] = crowd.faults.keys();
    const at = `${server.hostname}:${server.port}`;
    if (reason.includes("refused")) fail(`${at} refused the connection: start the server first`);
    if (reason.includes("lookup")) {
      fail(`cannot find host ${server.hostname}: give its name or address with --host`);
    }
    fail(`cannot connect to ${at}: ${reason}`);
  }
  const { times, requests, answered, lost } = crowd;
  const took = times.length > 0 ? (crowd.over - crowd.begun) / 1_000 : 0;
  times.sort((a, b) => a - b);
  const quantile = (q: number) => times[Math.ceil(q * times.length) - 1] ?? null;
  const result = {
    clients,
    requests,
    answers: times.length,
    seconds: rounded(took),
    p50_ms: rounded(quantile(0.5)),
    p99_ms: rounded(quantile(0.99)),
    next_ms: last.answered === 1 ? rounded(last.over - arrived) : null,
    refused: lost,
    waiting: clients - answered - lost,
    connections: crowd.opened,
    idle,
    idle_answered: silent.answered,
  };
  if (options.json) console.log(JSON.stringify(result));
  else print(result);
  for (const [reason, n] of crowd.faults) console.error(`swarm: ${n} lost: ${reason}`);
  for (const [reason, n] of silent.faults) console.error(`swarm: ${n} idle lost: ${reason}`);
  Deno.exit(0);
}

function print(result: Record<string, number | null>) {
  const { clients, answers, seconds, p50_ms, p99_ms, next_ms, waiting, refused } = result;
  const row = {
    clients,
    served: clients! - waiting! - refused!,
    waiting,
    lost: refused,
    connections: result.connections,
    "answers/s": seconds! > 0 ? Math.round(answers! / seconds!) : 0,
    "p50 ms": p50_ms,
    "p99 ms": p99_ms,
    [`first answer for client ${clients! + 1}`]: next_ms === null ? "none" : `${next_ms} ms`,
  };
  const columns = Object.entries(row).map(([name, value]) => [name, String(value ?? "-")]);
  const line = (i: number) =>
    columns.map((c) => c[i]!.padStart(Math.max(...c.map((x) => x.length))));
  console.log(line(0).join("  "));
  console.log(line(1).join("  "));
  if (idle > 0) console.log(`${silent.answered} of ${idle} idle clients answered at the end`);
}

function rounded<T extends number | null>(value: T): T {
  return (value === null ? null : Math.round(value * 100) / 100) as T;
}

function number(name: string, value: string, min: number, max: number): number {
  const n = /^\d+$/.test(value) ? Number(value) : NaN;
  if (n >= min && n <= max) return n;
  fail(`--${name} must be a whole number from ${min} to ${max}, is "${value}"`, 2);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function fail(message: string, status = 1): never {
  console.error(`swarm: ${message}`);
  Deno.exit(status);
}
