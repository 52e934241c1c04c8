/**
 * What a runner and the agent in the server's container say to each other: JSON lines on a Unix socket. A connection
 * is one runner's part in the server: it asks for it, hears of it, and gives it back.
 */
import type { ProgramExit } from "../program.ts";

/**
 * Where the agent listens: in the shared memory that link, server and runner have in common. A folder for each user:
 * the link outlives a change of whom server and runner run as.
 */
export const AGENT_SOCKET = `/dev/shm/server-${Deno.uid()}/agent.sock`;
/** Where the link's control socket lies; the folder is the link's, readable for the runner's group. */
export const CONTROL_SOCKET = "/dev/shm/link/control.sock";
/** Where the link's container writes why the link did not come up, or ended. */
export const LINK_FAILURE = "/dev/shm/link/failed";

/** A server to run. Paths are the container's. */
export interface ServerOrder {
  command: string[];
  cwd: string;
  env: Record<string, string>;
  /** Folders that it may write. Default: none. */
  writes?: string[];
}

/** What a runner says. */
export type RunnerWord =
  /** First: run this, afresh, or let me share the one that runs for others. */
  | ({ op: "serve" } & ServerOrder)
  | { op: "signal"; name: "SIGINT" | "SIGTERM" | "SIGKILL" }
  /** How much memory does it have? */
  | { op: "memory" }
  /** I am done; the last one's leaving ends the program. */
  | { op: "leave" };

/** What the agent says. */
export type AgentWord =
  /** `shared`: others use it, too, and one of them is told its output. */
  | { is: "serving"; shared: boolean }
  /** Bytes in Base64. */
  | { is: "output"; stream: "stdout" | "stderr"; bytes: string }
  | { is: "exited"; exit: ProgramExit }
  /** In bytes. */
  | { is: "memory"; bytes: number | null }
  | { is: "left" }
  /** It cannot be done; one line for the user. */
  | { is: "refused"; reason: string };

/** Sends a word; false where nobody hears it any more. */
export async function sendWord(
  conn: { write(bytes: Uint8Array): Promise<number> },
  word: RunnerWord | AgentWord,
): Promise<boolean> {
  const bytes = new TextEncoder().encode(`${JSON.stringify(word)}\n`);
  try {
    for (let done = 0; done < bytes.length;) done += await conn.write(bytes.subarray(done));
    return true;
  } catch {
    return false;
  }
}

/** The words of a connection until it ends, however it does; a line that is no JSON ends it. */
export async function* readWords<Word>(
  conn: { readable: ReadableStream<Uint8Array> },
): AsyncGenerator<Word> {
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for await (const chunk of conn.readable) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield JSON.parse(line) as Word;
    }
  } catch {
    // Closed by either side.
  }
}
