/** Programs under test, started fresh for one check. */
import type { ProgramExit, ProgramSpec, RunningProgram, StartedTestbed } from "../engine/mod.ts";
import { ProgramError, serve } from "../run/mod.ts";
import { indexOfBytes, toBytes } from "./bytes.ts";
import type { Bytes, TestedClient, TestedProgram } from "./check.ts";
import { CheckFailure } from "./failure.ts";
import { ListeningPatience } from "./listening_patience.ts";
import { nearestBytes } from "./nearest_bytes.ts";
import { PATIENCE, STARTING, withPatience } from "./peer/patience.ts";
import { PATIENCE_S, STARTING_S } from "./peer_fault.ts";
import type { TestedPlace } from "./tested_place.ts";
import { FLOODED, TestedOutput } from "./tested_output.ts";

/** Bytes of output, the last ones, in which what comes nearest is looked for. */
const SEARCHED = 1 << 16;

/** A program under test as the runner of checks sees it. */
export interface Tested {
  role: "server" | "client";
  /** What checks get. */
  program: TestedProgram;
  output: TestedOutput;
  exited: Promise<ProgramExit>;
  /** Settles once all that it printed has been read, which its end may come before. */
  read(): Promise<void>;
  /** How it ended, so far. */
  exit: ProgramExit | null;
  /** Whether nobody is to be told of its end: it was made to end, or that was told. */
  endTold: boolean;
  /** Whether it has done anything that can be seen: sent, connected or printed. Until then it may only be starting. */
  heard: boolean;
  /** Ends it at once. */
  stop(): Promise<void>;
}

/**
 * Starts a server and, where it is to listen, waits until it does.
 *
 * @throws {CheckFailure} Where it does not, saying why.
 */
export async function startTestedServer(
  { testbed, tested: place }: { testbed: StartedTestbed; tested: TestedPlace },
  spec: ProgramSpec,
  { proto, port, listens, onStart, signal }: {
    proto: "udp" | "tcp";
    port: number;
    /** Whether to wait for it. */
    listens: boolean;
    /** Takes it before it listens. */
    onStart: (tested: Tested) => void;
    signal?: AbortSignal;
  },
): Promise<Tested> {
  const output = new TestedOutput();
  if (!listens) {
    const running = await place.startServer(spec);
    const read = output.read(running);
    const failing = testedOf("server", running, output, () => read);
    onStart(failing);
    return failing;
  }
  let tested: Tested | undefined;
  let told = Promise.resolve();
  const start = async (wanted: ProgramSpec): Promise<RunningProgram> => {
    const running = await place.startServer(wanted);
    tested = testedOf("server", running, output, () => told);
    onStart(tested);
    return { ...running, ...output.through(running) };
  };
  const view = {
    startServer: start,
    awaitListening: testbed.awaitListening.bind(testbed),
    serverAddress: testbed.serverAddress,
  };
  const patience = new ListeningPatience(place, spec);
  try {
    const serving = await serve(view, spec, {
      proto,
      port,
      timeoutMs: patience.ms,
      onLine: (stream, text) => output.line(stream, text),
      ...(signal === undefined ? {} : { signal }),
    });
    told = serving.told;
    patience.rewarded();
  } catch (error) {
    if (tested !== undefined) tested.endTold = true; // The message has it.
    if (!(error instanceof ProgramError)) throw error;
    patience.inVain();
    throw new CheckFailure(error.message);
  }
  return tested!;
}

/** Starts a client. */
export async function startTestedClient(
  place: TestedPlace,
  spec: ProgramSpec,
  lines?: readonly Bytes[],
): Promise<Tested & { program: TestedClient }> {
  const output = new TestedOutput();
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>(
    {},
    { highWaterMark: 1000 },
  );
  const input = writable.getWriter();
  const running = await place.startClient({ ...spec, host: 1, input: readable });
  const read = output.read(running);
  const tested = testedOf("client", running, output, () => read);
  // It may have ended, or have closed its input: that is not ours to judge.
  const write = (line: Bytes) => void input.write(ended(line)).catch(() => {});
  const endInput = () => void input.close().catch(() => {});
  if (lines !== undefined) {
    for (const line of lines) write(line);
    endInput();
  }
  const program: TestedClient = Object.assign(tested.program, {
    type: (line: Bytes) => Promise.resolve(write(line)),
    endInput: () => Promise.resolve(endInput()),
    prints: (bytes: Bytes) => prints(tested, toBytes(bytes)),
  });
  return Object.assign(tested, { program });
}

function ended(line: Bytes): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...toBytes(line), 0x0a]);
}

async function prints({ output, exited, read }: Tested, bytes: Uint8Array): Promise<void> {
  let over = false;
  const end = exited.then(read);
  void end.then(() => over = true);
  for (;;) {
    if (indexOfBytes(output.stdout, bytes) >= 0) return;
    const more = Promise.race([output.more(), end]).then(() => true);
    if (!over && await withPatience(more, () => false)) continue;
    if (indexOfBytes(output.stdout, bytes) >= 0) return;
    const when = over ? "before it ended" : `within ${PATIENCE_S} s`;
    throw new CheckFailure(`The client did not print what it received ${when}`, {
      expected: bytes,
      actual: nearestBytes(output.stdout.slice(-SEARCHED), bytes),
      mayHaveEnded: true,
    });
  }
}

function testedOf(
  role: Tested["role"],
  running: RunningProgram,
  output: TestedOutput,
  read: () => Promise<void>,
): Tested {
  const name = `The ${role}`;
  const program: TestedProgram = {
    output: output.lines,
    get stdout() {
      return output.stdout;
    },
    get runs() {
      return tested.exit === null;
    },
    memory: () => running.memory(),
    processes: () => running.processes(),
    rests: () => running.rests(),
    kill(signal) {
      tested.endTold = true;
      running.kill(signal);
    },
    async ended() {
      const starts = !tested.heard && output.stdout.length === 0 && output.lines.length === 0;
      const ticks = starts ? STARTING : PATIENCE;
      const exit = await withPatience<ProgramExit | null>(running.exited, () => null, ticks);
      if (exit === null) {
        throw new CheckFailure(`${name} still runs ${starts ? STARTING_S : PATIENCE_S} s later`);
      }
      await read();
      return { code: exit.code, signal: exit.signal };
    },
  };
  const tested: Tested = {
    role,
    program,
    output,
    exited: running.exited,
    read,
    exit: null,
    endTold: false,
    // A server is waited for until it listens.
    heard: role === "server",
    async stop() {
      running.kill("SIGKILL");
      await running[Symbol.asyncDispose]();
      await read();
    },
  };
  void output.flood.then(() => running.kill("SIGKILL"));
  void running.exited.then((exit) =>
    tested.exit = output.flooded ? { ...exit, why: FLOODED } : exit
  );
  return tested;
}
