/** Programs in a testbed: how they are started, what they are while they run, and how they end. */
import type { ProcessCount } from "./process_count.ts";

/** How a program is started in a container, whose tools lie elsewhere than the machine's. */
export interface ContainerProgram {
  /** argv, with the image's executables and the host's paths. */
  command: string[];
  /** Files of the host that it reads, by absolute paths; they and their folders are there under the same paths. */
  reads: string[];
  /** What it may take, in bytes and in threads. Default: 1 GiB and 512. */
  limits?: { memory: number; pids: number };
}

/** A program to run: a file with its arguments, as a command line. */
export interface ProgramSpec {
  /** argv, the first an executable, e.g. `["deno", "run", "-A", "/…/server.ts"]`. Paths are the host's. */
  command: string[];
  /** The same for containers; absent where the image has nothing to run it with. */
  container?: ContainerProgram;
  /** Folders that it may write, by absolute paths: they are there, under the same paths. */
  writes?: string[];
  /** Extra environment. */
  env?: Record<string, string>;
  /** Working folder. Default: the folder of the program. */
  cwd?: string;
  /** Bytes for its standard input; `"none"` is an empty one. Default `"none"`. */
  input?: ReadableStream<Uint8Array> | "none";
  /** Which client host it runs on, from 1. Ignored for servers. Default 1. */
  host?: number;
}

/** How a program ended: its exit status, or the signal that ended it. */
export interface ProgramExit {
  code: number;
  signal: string | null;
  /** What the engine knows of the reason, as the end of a sentence: `it took more than its 1024 MB of memory`. */
  why?: string;
}

/** A program that runs. Disposing ends it: SIGTERM, then SIGKILL after 2 s. */
export interface RunningProgram extends AsyncDisposable {
  /** Its process id on the host (local engine), or null. */
  readonly pid: number | null;
  readonly stdout: ReadableStream<Uint8Array>;
  readonly stderr: ReadableStream<Uint8Array>;
  readonly exited: Promise<ProgramExit>;
  /** Sends a signal to the program itself; harmless once it has ended. */
  kill(signal: "SIGINT" | "SIGTERM" | "SIGKILL"): void;
  /**
   * Bytes of memory that it and the processes it started have now, without files such as the executable, which they
   * share with others; null where it has ended, or nobody can tell.
   */
  memory(): Promise<number | null>;
  /** How many processes it is with those that it started; null where it has ended, or nobody can tell. */
  processes(): Promise<ProcessCount | null>;
  /**
   * Whether it and the processes it started all wait, at this moment, for something to come from outside: what has come
   * is dealt with. Null where it has ended, or nobody can tell.
   */
  rests(): Promise<boolean | null>;
}
