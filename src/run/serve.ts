/**
 * Starting a lab's server in a testbed, and saying in words why it does not serve.
 */
import type { ProgramExit, ProgramSpec, RunningProgram, StartedTestbed } from "../engine/mod.ts";
import type { ListeningSocket, ListenReport } from "../link/mod.ts";
import { endingText, lastWord } from "./ending.ts";
import { readLines } from "./lines.ts";

/** A program did not do its part; the message is for its author, and the exit status is 1. */
export class ProgramError extends Error {
  override name = "ProgramError";
}

/** The part of a testbed that a server is started in. */
export type ServerPlace = Pick<
  StartedTestbed,
  "startServer" | "awaitListening" | "serverAddress"
>;

/** What the server should listen on, and where its output goes. */
export interface ServeOptions {
  proto: "udp" | "tcp";
  port: number;
  /** Takes each line that the server prints. */
  onLine: (stream: "stdout" | "stderr", line: string) => void;
  signal?: AbortSignal;
  /**
   * Milliseconds that the server has until it listens, counted in looks of half a second: a machine that stands still
   * meanwhile does not use them up. Default 20,000.
   */
  timeoutMs?: number;
}

/** A server that listens. */
export interface Serving extends AsyncDisposable {
  readonly program: RunningProgram;
  readonly exited: Promise<ProgramExit>;
  /** Settles once all that it printed was handed on. */
  readonly told: Promise<void>;
}

/**
 * Starts the server and waits until it listens; no packet is sent for that.
 *
 * @throws {ProgramError} Where it ends first, or listens elsewhere, or not at all.
 */
export async function serve(
  testbed: ServerPlace,
  spec: ProgramSpec,
  options: ServeOptions,
): Promise<Serving> {
  const program = await testbed.startServer(spec);
  const said: string[] = [];
  const read = (["stdout", "stderr"] as const).map(async (stream) => {
    for await (const line of readLines(program[stream])) {
      if (stream === "stderr" && said.length < 100) said.push(line);
      options.onLine(stream, line);
    }
  });
  const output = Promise.all(read).then(() => {}, () => {});
  try {
    await listening(testbed, program, options, async () => {
      await output;
      return said;
    });
  } catch (error) {
    await program[Symbol.asyncDispose]();
    throw error;
  }
  return {
    program,
    exited: program.exited,
    told: output,
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]();
      await output;
    },
  };
}

/** Milliseconds of one look at what listens. */
const turnMs = 500;

async function listening(
  testbed: ServerPlace,
  program: RunningProgram,
  options: ServeOptions,
  lastWords: () => Promise<string[]>,
): Promise<void> {
  const { proto, port, signal, timeoutMs = 20_000 } = options;
  const wanted = { proto, port, address: testbed.serverAddress };
  const looks = Math.ceil(timeoutMs / turnMs);
  const ended = program.exited.then((exit) => ({ exit }));
  let elsewhere = 0;
  for (let look = 1;; look++) {
    // In short turns: a socket seen twice in the wrong place stays there, and nobody waits long for it.
    const turn = testbed.awaitListening({ proto, port, timeoutMs: turnMs, signal });
    const seen = await Promise.race([turn, ended]);
    signal?.throwIfAborted();
    if ("exit" in seen) throw new ProgramError(describeEarlyEnd(seen.exit, await lastWords()));
    if (seen.listening && takesFamily(seen, wanted)) return;
    // It answers at once where something listens: what does may not be all yet.
    if (seen.listening) await Promise.race([pause(turnMs), ended]);
    elsewhere = seen.sockets.length > 0 ? elsewhere + 1 : 0;
    if (elsewhere >= 3 || look >= looks) {
      throw new ProgramError(describeElsewhere(seen, wanted, timeoutMs));
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** What the server should listen on, for clients that send to this address. */
export interface WantedSocket {
  proto: "udp" | "tcp";
  port: number;
  address: string;
}

/** Whether one of the sockets takes what comes to the address: one of IPv4 takes nothing of IPv6. */
export function takesFamily(report: ListenReport, wanted: WantedSocket): boolean {
  return !wanted.address.includes(":") ||
    report.sockets.some((socket) =>
      isWanted(socket, wanted) && ["::", wanted.address].includes(socket.address)
    );
}

function isWanted(socket: ListeningSocket, wanted: WantedSocket): boolean {
  return socket.proto === wanted.proto && socket.port === wanted.port;
}

/** Why a server that ended before it listened did so, in one line: its own last words, if it left any. */
export function describeEarlyEnd(exit: ProgramExit, words: readonly string[]): string {
  const word = lastWord(words);
  return `Let the server listen until it is stopped: it ended at once (${endingText(exit)})` +
    (word === undefined ? "" : `, saying: ${word}`);
}

/** Sockets that a line names. */
const NAMED = 4;

/** Where the server listens instead, in one line. */
export function describeElsewhere(
  report: ListenReport,
  wanted: WantedSocket,
  waitedMs: number,
): string {
  const name = (socket: ListeningSocket) => `${socket.proto} ${socket.address} port ${socket.port}`;
  const local = report.sockets.find((socket) => isWanted(socket, wanted));
  if (local !== undefined && wanted.address.includes(":")) {
    return `Listen on :: (every address, of IPv6 too): the server listens on ${local.address} only, and clients send to ${wanted.address}`;
  }
  if (local !== undefined) {
    return `Listen on 0.0.0.0: the server listens on ${local.address} only, where no other host reaches it`;
  }
  if (report.sockets.length > 0) {
    const others = report.sockets.slice(0, NAMED).map(name).join(", ");
    const more = report.sockets.length > NAMED ? " and others" : "";
    return `Listen on ${wanted.proto} port ${wanted.port}: the server listens on ${others}${more}`;
  }
  return `Listen on ${wanted.proto} port ${wanted.port}: the server did not within ${
    waitedMs / 1000
  } s`;
}
