/**
 * A testbed: the impaired network of one lab with its server and clients, on whichever engine.
 *
 * `Testbed -> StartedTestbed`, always `AsyncDisposable`: what was started is gone when it is disposed of.
 */
import type { LinkEvent } from "../packet/mod.ts";
import type { LogFolder } from "./logs/log_folder.ts";
import type { ProgramSpec, RunningProgram } from "./program.ts";
import type {
  DriverName,
  DriverWish,
  LinkBegun,
  LinkEnd,
  LinkSetting,
  LinkState,
  ListenReport,
  SocketStates,
} from "../link/mod.ts";

/** The engines. */
export type EngineName = "docker" | "local";

/** What a testbed is started with. */
export interface TestbedOptions {
  /** A name for labels and messages, such as `lab3`. */
  lab: string;
  /** Which of the lab's pairs of programs is to serve, by name; told to whoever finds the testbed. */
  program?: string;
  /** Default `auto`. */
  driver?: DriverWish;
  /** Hosts beside the server; client k of `startClient` runs on host k. Default 1. */
  clients?: number;
  /** Lines about the set-up, for the user. */
  onNotice?: (line: string) => void;
  /** Ends the set-up; what was begun is undone. */
  signal?: AbortSignal;
  /** `run` ends with its tool; `up` is to be found by others until it is ended. Default `run`. */
  kind?: "run" | "up";
  /**
   * Whether client hosts outlive their programs, so that their systems can still acknowledge, and send a lost FIN again.
   * Some engines' always do. Default: of a testbed that is `up`.
   */
  hostsStay?: boolean;
  /** What will be started, as far as it is known: an engine may prepare it while the network is being set up. */
  programs?: ExpectedPrograms;
}

/** What strangers have handed in, and what it runs in. */
export interface SandboxOptions {
  /** Its files. */
  files: readonly SandboxFile[];
  /** The image: `deno` or `python`, which are ours, or the name of one that the engine has. Default: `deno`. */
  image?: string;
  /** What the programs at a place may take together, in bytes and in threads. Default: 1 GiB and 512. */
  limits?: { memory: number; pids: number };
}

/** A file that was handed in. */
export interface SandboxFile {
  /** With slashes, without `.` and `..`. */
  path: string;
  executable: boolean;
  bytes: Uint8Array;
}

/**
 * Where programs of strangers run, shut in: at the server's place and on client host 1. Paths in what is started are the
 * sandbox's: what was handed in lies in `SANDBOX_FOLDER`, and `SANDBOX_LOGS` may be written. Disposing ends it.
 */
export interface Sandbox extends AsyncDisposable {
  startServer(program: ProgramSpec): Promise<RunningProgram>;
  startClient(program: ProgramSpec): Promise<RunningProgram>;
  /** What a server may write: `SANDBOX_LOGS`. */
  readonly logs: LogFolder;
  /** Ends whatever runs in it and empties what programs may write: as it was when it was new. */
  clear(): Promise<void>;
  /** Whether it has ended itself, such as for want of memory: another testbed is needed then. */
  readonly ended: boolean;
}

/** Programs that will be started. */
export interface ExpectedPrograms {
  server?: ProgramSpec;
  /** On client hosts. */
  client?: ProgramSpec;
  /** On which, from 1. Default: on each. */
  hosts?: number[];
}

/** What a run may be told besides what the link does in it. */
export interface RunOptions {
  /**
   * Whether the seeds were merely drawn: a driver that follows none goes without, and a link that others share, or that
   * was used with the same profiles before, may take others. Default false.
   */
  drawnSeeds?: boolean;
  /** Its driver. Default: the one that the testbed was started with or, with `auto`, the one that suits the run. */
  driver?: DriverName;
}

/** A testbed whose link stands and whose network is up. */
export interface StartedTestbed extends AsyncDisposable {
  readonly engine: EngineName;
  /** The driver as the link stood when this was started; a run's own is in what its begin answers. */
  readonly driver: DriverName;
  /** Address of the server's host; clients may also use the name `server`. */
  readonly serverAddress: string;
  /** Address of the only client that is its caller's, where others may share the link. Absent: all are. */
  readonly clientAddress?: string;
  /** Path of the link's control socket. */
  readonly control: string;
  /** Settles when the link has ended though nobody asked it to, with the reason. */
  readonly broken: Promise<Error>;
  /**
   * Begins a run, or joins one where others share the link (`joined`).
   *
   * @throws {LinkRefusal} Where its driver cannot do what is asked, or the link has another.
   */
  begin(up: LinkSetting, down: LinkSetting, options?: RunOptions): Promise<LinkBegun>;
  set(change: { up?: LinkSetting; down?: LinkSetting }): Promise<LinkState>;
  show(): Promise<LinkState>;
  reset(): Promise<LinkState>;
  /** Ends the run; every event of it has then been handed to the iterators of `events()`. */
  end(): Promise<LinkEnd>;
  /**
   * The link's events from now on; subscribed once this has resolved. Ends with the signal or the testbed; with
   * `enough` once all has come that was told until then.
   */
  events(
    options?: { signal?: AbortSignal; enough?: AbortSignal },
  ): Promise<AsyncIterableIterator<LinkEvent>>;
  /** The bytes of a pcap file, from now on until the signal. */
  capture(
    side: "client" | "server",
    options?: { signal?: AbortSignal },
  ): Promise<ReadableStream<Uint8Array>>;
  startServer(program: ProgramSpec): Promise<RunningProgram>;
  startClient(program: ProgramSpec): Promise<RunningProgram>;
  /**
   * Makes a sandbox for what was handed in. One at a time, beside programs on every client host. Absent on an engine that
   * shuts nothing in.
   */
  openSandbox?(options: SandboxOptions): Promise<Sandbox>;
  /**
   * Gets the server's place, or a client host, ready for a program to come; one that differs in its command line only
   * then costs its own start alone. Absent where there is nothing to get ready.
   */
  prepare?(where: "server" | number, program: ProgramSpec): void;
  /** The states of the sockets of TCP on the server's host; with `port`, of those of that local port. */
  socketStates(options?: { port?: number }): Promise<SocketStates>;
  /** Waits, without sending a packet, until the server listens. */
  awaitListening(
    socket: { proto: "udp" | "tcp"; port: number; timeoutMs: number; signal?: AbortSignal },
  ): Promise<ListenReport>;
  /** Runs a shell at a place, on this process's own terminal or pipes; resolves to its exit status. */
  shell(where: "server" | "client" | "link", options: { prompt: string }): Promise<number>;
  /** argv that opens such a shell, on an engine where a command of this machine does. */
  shellCommand?(where: "server" | "client" | "link"): string[];
}
