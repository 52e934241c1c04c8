/**
 * What a check is, and what it works with: the bench.
 *
 * A check judges one program of a lab by the bytes on the wire and by what the link recorded. Whatever is at the other
 * end of the conversation is a peer of ours, on a host of its own in the testbed.
 *
 * ```ts
 * export const checks = defineChecks([
 *   {
 *     id: "split-message",
 *     title: "A message that comes in pieces is echoed whole",
 *     points: 2,
 *     program: "server",
 *     hint: "TCP carries a stream of bytes: one read may bring a part of what the other side wrote",
 *     async run(bench) {
 *       await bench.startServer();
 *       const stream = await bench.step("a client connects", () => bench.connect());
 *       await bench.step('it sends "hel", then "lo"', async () => {
 *         await stream.send("hel");
 *         await stream.send("lo");
 *       });
 *       await bench.step("all five bytes come back", () => stream.expect("hello"));
 *     },
 *   },
 * ]);
 * ```
 */
import type { ProcessCount } from "../engine/mod.ts";
import type { LabManifest } from "../lab/mod.ts";
import type { SocketStates } from "../link/mod.ts";
import type { LinkCounts, PacketEvent } from "../packet/mod.ts";
import type { JudgedLogs } from "./judged_logs.ts";

/**
 * What a check came to.
 *
 * - `pass`: the program did what was asked
 * - `fail`: it did something else; the only verdict that costs points
 * - `inconclusive`: the network or the clock decided, such as a scripted loss that did not happen
 * - `error`: the grader or the machine broke
 */
export type Verdict = "pass" | "fail" | "inconclusive" | "error";

/** One graded statement about one program of a lab. */
export interface Check {
  /** Lower-case words joined by dashes, unique in its lab; begins with the program's name where several have the same. */
  id: string;
  /** What a right program does, as a statement in plain words, without a full stop. */
  title: string;
  /** Whole points, 1 or more. */
  points: number;
  /** Which of the lab's programs it judges: a file's name without its ending, such as `server_udp`. */
  program: string;
  /** What to look at if it fails: one or two sentences for a student, without a full stop at the end. */
  hint: string;
  /** Does it; whatever is awaited in it throws where the program is wrong. */
  run(bench: Bench): Promise<void>;
}

/** What a check hands to a peer: text is sent as UTF-8. */
export type Bytes = string | Uint8Array;

/** What a check works with: the program under test, peers, and the link, for the time of one check. */
export interface Bench {
  readonly lab: LabManifest;
  /** The lab's port. */
  readonly port: number;
  /** Random inputs, of the run's seed and the check's id: the same in each repetition of a run. */
  readonly random: Random;

  /**
   * Does one step and records it for feedback. `what` completes "In this check …": "a client sends 3 lines at once".
   * Everything that may fail belongs in a step.
   */
  step<T>(what: string, act: () => Promise<T> | T): Promise<T>;

  /**
   * Begins this check's run of the link with a script (`lose 1; down: duplicate 2`) and, rarely, profiles. Call it first;
   * a check that does not gets a perfect wire. If what the script names did not happen, the check is inconclusive.
   */
  link(options: { script?: string; up?: string; down?: string }): Promise<void>;

  /** Starts the program under test as the server, and waits until it listens. A step of its own. */
  startServer(options?: ServerOptions): Promise<TestedProgram>;
  /** Starts the program under test as a client of the peer at the server's address. A step of its own. */
  startClient(options?: ClientOptions): Promise<TestedClient>;

  /** A new TCP connection from client host `host` (default 1, up to 3) to the server's port. */
  connect(options?: { host?: number }): Promise<Stream>;
  /** A UDP socket on client host `host` (default 1; 0 is the server's own), towards the server's port. */
  datagrams(options?: { host?: number; port?: number }): Promise<Datagrams>;
  /** TCP at the server's place, for checks of clients: listens on the lab's port. */
  listen(): Promise<Listener>;
  /** UDP at the server's place, on the lab's port or another. */
  serveDatagrams(options?: { port?: number }): Promise<Datagrams>;

  /** The packets of this check so far, as the link recorded them, once what was sent until now is recorded. */
  packets(): Promise<PacketEvent[]>;
  /** What the link counted in this check so far. */
  counts(): Promise<{ up: LinkCounts; down: LinkCounts }>;
  /** The server's sockets of TCP, by the states of RFC 9293: `{ LISTEN: 1, ESTABLISHED: 2, CLOSE_WAIT: 1 }`. */
  socketStates(): Promise<SocketStates>;
  /** Whether something listens on the lab's port. */
  isListening(): Promise<boolean>;
  /** Whether no beginning, end or reset of a client's connection is on its way to the server any more. */
  haveArrived(): Promise<boolean>;

  /** The folder that the server may write, empty at first, kept over restarts within the check: `{logs}`. */
  readonly logs: JudgedLogs;

  /** Waits until `look` is satisfied (returns anything but undefined), within the patience of a check. */
  until<T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T>;
  /** Fails the check: what was expected, what was seen, both in plain words. */
  fail(message: string, seen?: { expected?: Bytes; actual?: Bytes }): never;
  /** Fails unless the bytes are the same; they are shown side by side. */
  expectBytes(actual: Bytes, expected: Bytes, what: string): void;
  /** Gives up without a verdict: the network, the clock or the machine decided. */
  inconclusive(message: string): never;
}

/** How the program under test is started. */
export interface StartOptions {
  /** Arguments beyond those of the manifest. */
  args?: string[];
  /** Environment beyond what every program has. */
  env?: Record<string, string>;
}

/** How a server under test is started. */
export interface ServerOptions extends StartOptions {
  /** The zone in which it lives, such as `Asia/Kathmandu`. Default: the machine's. */
  timeZone?: string;
  /** Whether it is waited for until it listens. `false` where it is to fail. Default true. */
  listens?: boolean;
  /** Another port for it to listen on, told by `--port`. Nobody can connect to it there. Default: the lab's. */
  port?: number;
}

/** How a client under test is started. */
export interface ClientOptions extends StartOptions {
  /** Which of the manifest's argument lists it gets. Default `keyboard`. */
  mode?: "keyboard" | "pinger";
  /** Values for the manifest's placeholders; what is left out has the lab's defaults. */
  values?: { timeout?: number; count?: number; interval?: number; size?: number };
  /** Lines for its standard input, after which the input ends. Default: `type()` and `endInput()` do that. */
  lines?: Bytes[];
}

/** A program under test that runs. */
export interface TestedProgram {
  /** Lines that it printed so far, both streams. */
  readonly output: readonly { stream: "stdout" | "stderr"; text: string }[];
  /** All bytes of its standard output so far, up to 16 MB. */
  readonly stdout: Uint8Array;
  /** SIGINT is Ctrl-C. */
  kill(signal: "SIGINT" | "SIGTERM" | "SIGKILL"): void;
  /** Waits for its end; fails the check where it does not end. */
  ended(): Promise<{ code: number; signal: string | null }>;
  /** Whether it still runs. */
  readonly runs: boolean;
  /** Bytes of memory that it and the processes it started have of their own; null where nobody can tell. */
  memory(): Promise<number | null>;
  /**
   * How many processes it is with those that it started: those that run or wait, and zombies, which have ended and are
   * not waited for; null where nobody can tell.
   */
  processes(): Promise<ProcessCount | null>;
  /**
   * Whether it waits, with all that it started, for something to come from outside: what has come to it is dealt with.
   * Null where it has ended, or nobody can tell.
   */
  rests(): Promise<boolean | null>;
}

/** A client under test that runs. */
export interface TestedClient extends TestedProgram {
  /** Types a line, its end included. */
  type(line: Bytes): Promise<void>;
  /** Ends its standard input. */
  endInput(): Promise<void>;
  /** Waits until it has printed these bytes somewhere in its standard output; fails the check otherwise. */
  prints(bytes: Bytes): Promise<void>;
}

/** One end of a TCP connection, a peer's. What it reads it takes from the connection. */
export interface Stream {
  /** `ip:port`. */
  readonly local: string;
  readonly remote: string;
  /** Writes at once (no Nagle); resolves when the kernel has taken all of it. Fails the check where it cannot be sent. */
  send(bytes: Bytes): Promise<void>;
  /** Writes segments each by itself: the next only when the one before was acknowledged, so that none are merged. */
  sendApart(pieces: Bytes[]): Promise<void>;
  /** Starts writing without waiting; `done` resolves to how many bytes the kernel took until the end or a reset. */
  pour(bytes: Uint8Array): { done: Promise<number> };
  /** The next bytes, exactly so many; fails the check at the end of the stream, at a reset, in time. */
  read(length: number): Promise<Uint8Array>;
  /** The next line without its end (LF or CRLF). */
  readLine(): Promise<Uint8Array>;
  /** All bytes until the end of the stream; fails at a reset, or where no end comes. */
  readToEnd(): Promise<Uint8Array>;
  /** Reads as many bytes as are expected and compares them. */
  expect(bytes: Bytes): Promise<void>;
  /** Expects the end of the stream and nothing before it. */
  expectEnd(): Promise<void>;
  /** Waits until the other side has closed or reset, whatever it sent before; resolves to how. */
  closed(): Promise<"end" | "reset">;
  /** Ends our side (FIN) and goes on reading. */
  closeWrite(): Promise<void>;
  /** Closes both sides in order. */
  close(): Promise<void>;
  /** Aborts: the other side gets a RST. */
  reset(): Promise<void>;
}

/** Takes connections at the server's place. */
export interface Listener {
  /** The next connection; fails the check where none comes. */
  accept(): Promise<Stream>;
  /** Stops listening: whoever connects is refused. */
  close(): Promise<void>;
}

/** A datagram as a peer received it. */
export interface Datagram {
  bytes: Uint8Array;
  /** `ip:port` of who sent it. */
  from: string;
}

/** A UDP socket of a peer's. */
export interface Datagrams {
  readonly local: string;
  /** Sends a datagram; default to the server. */
  send(bytes: Bytes, to?: string): Promise<void>;
  /** The next datagram that has come or comes; fails the check where none does. */
  receive(): Promise<Datagram>;
  /** Receives one and compares it; it must come from `from`, default the server. */
  expect(bytes: Bytes, from?: string): Promise<void>;
  /** What has come so far and was not taken, without waiting. */
  pending(): Promise<Datagram[]>;
  close(): Promise<void>;
}

/** Random inputs with a seed. */
export interface Random {
  /** A whole number from 0 to `below` - 1. */
  integer(below: number): number;
  bytes(length: number): Uint8Array<ArrayBuffer>;
  /** Lower-case letters, digits and spaces in the middle. */
  text(length: number): string;
  /** Words of lower-case letters, each so long, with a space between them. */
  words(...lengths: number[]): string;
  /**
   * Each byte there is, once, from 0x00 on. Those from `!` to `~` have changed places, and no others: which bytes stand at
   * the ends, and which make no UTF-8, does not depend on the seed.
   */
  everyByte(): Uint8Array<ArrayBuffer>;
  /** These bytes, each once, in another order. */
  shuffled(bytes: Uint8Array): Uint8Array<ArrayBuffer>;
}

/** Returns the checks as they are; the type of each is checked where it is written. */
export function defineChecks(checks: readonly Check[]): readonly Check[] {
  return checks;
}
