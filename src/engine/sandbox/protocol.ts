/**
 * What a tool and the agent in a sandbox say to each other. Each request has a connection of its own: a line of JSON,
 * then the bytes that belong to it; the answer likewise. The connections pass over the standard streams of the agent
 * (`mux_frame.ts` of `src/mux`).
 */
import type { LogCall, LogReturn } from "../logs/log_folder_calls.ts";
import type { ProcessCount } from "../process_count.ts";
import type { ProgramExit } from "../program.ts";

/** Where a submission's files lie, to be read; also its programs' working folder. */
export const SUBMISSION = "/submission";
/** Where a program may write what its lab asks for. */
export const LOGS = "/logs";
/** What else programs may write. */
export const SCRATCH: readonly string[] = ["/tmp", "/dev/shm", "/dev/mqueue"];

/**
 * The variable by which the tool tells an agent as which user and group programs run, and how many bytes of memory and
 * how many processes and threads they may have: `UID:GID:BYTES:PROCESSES`.
 */
export const SANDBOX_ENV = "SOCKLAB_SANDBOX";

/** A file on its way into a sandbox; its bytes follow the request, one file's behind the other's. */
export interface PutFile {
  /** Path in the submission, with slashes. */
  path: string;
  executable: boolean;
  /** In bytes. */
  length: number;
}

/** A program to start. Paths are the sandbox's. */
export interface SandboxOrder {
  /** argv. */
  command: string[];
  env: Record<string, string>;
}

/** What the tool asks. */
export type SandboxRequest =
  /** Clears, and puts these files in the place of those that were there; their bytes follow. */
  | { op: "put"; files: PutFile[] }
  /** Starts a program, whose input follows; behind the answer follows its standard output. */
  | ({ op: "run" } & SandboxOrder)
  /** Behind the answer follows its standard error. Once a program. */
  | { op: "stderr"; program: number }
  /** Answered once it has ended. */
  | { op: "exit"; program: number }
  | { op: "signal"; program: number; name: "SIGINT" | "SIGTERM" | "SIGKILL" }
  /** Ends what a program, which has ended, has started in its session. */
  | { op: "tidy"; program: number }
  /** What all programs have now. */
  | { op: "usage" }
  /** Whether a program and what it has started wait. */
  | { op: "rests"; program: number }
  /** Looks at what lies in {@linkcode LOGS}, or changes it. */
  | { op: "logs"; call: LogCall }
  /** Ends whatever runs and empties what programs may write. */
  | { op: "clear" };

/** What the agent answers, by what it was asked. */
export interface SandboxAnswers {
  put: object;
  run: { program: number };
  stderr: object;
  exit: ProgramExit;
  signal: object;
  tidy: object;
  usage: Usage;
  rests: { rests: boolean | null };
  logs: LogReturn;
  clear: object;
}

/** What the programs of a sandbox have. */
export interface Usage {
  /** Bytes of memory without files. */
  memory: number;
  processes: ProcessCount;
}

/** The line in which an answer begins. */
export type SandboxAnswer<Op extends keyof SandboxAnswers> =
  | ({ ok: true } & SandboxAnswers[Op])
  /** It could not be done; one line. */
  | { ok: false; error: string };
