/**
 * A testbed's process tree: a watcher, the namespaces' first process (which becomes the link), and in its pid namespace
 * every program. It ends whole: when the link ends, the kernel ends the rest.
 */
import { MachineError } from "../machine_error.ts";
import { type Tools, treeCommand } from "./commands.ts";
import { explain } from "../explain_link.ts";
import { delay, signal as send } from "../process.ts";
import { removeState } from "../state.ts";
import { systemPath } from "./rights.ts";

/** What a tree is started with. */
export interface TreeOptions {
  tools: Tools;
  userNamespace: boolean;
  /** The set-up script, see `setupScript()`. */
  script: string;
  /** The state folder; the tree removes it when it ends. */
  state: string;
  /** argv that the first process becomes. */
  link: string[];
  /** Takes what the link says on standard error once it is ready. */
  onNotice?: (line: string) => void;
  signal?: AbortSignal;
  /** Milliseconds until the link must be ready. Default 30,000. */
  deadlineMs?: number;
}

/** A tree whose link is ready. */
export interface Tree {
  /** The first process's id on the machine. */
  readonly pid: number;
  readonly driver: "tc" | "tun";
  /** Settles when the tree has ended, with one line on why. */
  readonly ended: Promise<string>;
  /** Ends the tree, by force after 2 s; it and its folder are gone then. */
  end(): Promise<void>;
}

/** The machine did not allow what the set-up needs, rather than the link: a look at the machine tells more. */
export class SetupError extends MachineError {}

/** Milliseconds that the link has to end by itself, and then the kernel to end the rest. */
const patience = 2000;

// Survives the tool, so that even after a SIGKILL the folder goes.
const watcher = `state=$1; shift; "$@"; status=$?; rm -rf -- "$state"; exit $status`;

/**
 * Starts a tree and waits until its link is ready.
 *
 * @throws {SetupError} Where the machine does not allow it.
 * @throws {MachineError} Where the link failed; nothing is left in either case.
 */
export async function startTree(options: TreeOptions): Promise<Tree> {
  const { tools, state, userNamespace, script, link, signal, deadlineMs = 30_000 } = options;
  signal?.throwIfAborted();
  const args = [state, tools.mount, tools.ip, tools.nsenter, ...link];
  const argv = treeCommand(tools, { userNamespace, script, args });
  const child = new Deno.Command("/bin/sh", {
    args: ["-c", watcher, "socklab-watch", state, ...argv],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    // The link calls tc and modprobe by their names.
    env: { LC_ALL: "C", NO_COLOR: "1", PATH: systemPath(Deno.env.get("PATH") ?? "") },
    // A session of its own: the terminal's Ctrl-C is the tool's to answer.
    detached: true,
  }).spawn();
  const words = new Words(child.stderr);
  const ended = child.status.then(async () => explain(await words.all));
  let over = false;
  child.status.then(() => over = true);
  // All of the tree but its programs is one process group from the first instant on.
  const kill = () => {
    if (!over) send(-child.pid, "SIGKILL");
  };
  const end = async () => {
    await child.stdin.close().catch(() => {});
    if (!await within(patience, child.status)) {
      kill();
      // A stopped shell of the user's can keep the kernel from finishing; nothing of ours runs on.
      await within(patience, child.status);
    }
    removeState(state);
  };
  let stopped: { reason: unknown } | null = null;
  const stop = (reason: unknown) => {
    stopped ??= { reason };
    kill();
  };
  const abort = () => stop(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  const timer = setTimeout(() => {
    const wait = `the link was not ready within ${deadlineMs / 1000} s`;
    stop(new MachineError(`Try again when the machine is less busy: ${wait}`));
  }, deadlineMs);
  try {
    const ready = await readReady(child.stdout);
    if (ready !== null && stopped === null) {
      words.follow(options.onNotice ?? (() => {}));
      return { ...ready, ended: ended.then(({ message }) => message), end };
    }
    kill();
    const { message, machine } = await ended;
    if (stopped !== null) throw (stopped as { reason: unknown }).reason;
    throw machine ? new SetupError(message) : new MachineError(message);
  } catch (error) {
    kill();
    await end();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

/** Whether something settled in time. */
async function within(ms: number, what: Promise<unknown>): Promise<boolean> {
  const late = delay(ms);
  const won = await Promise.race([what.then(() => true), late.done.then(() => false)]);
  late.cancel();
  return won;
}

/**
 * Reads the two lines that a tree prints: the first process's id, then the link's own. What follows is read and
 * dropped, so that nobody ever blocks. Null where the stream ends before.
 */
async function readReady(
  stream: ReadableStream<Uint8Array>,
): Promise<{ pid: number; driver: "tc" | "tun" } | null> {
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return null;
    text += decoder.decode(value, { stream: true });
    const [pid, ready, rest] = text.split("\n");
    if (rest === undefined) continue;
    drain(reader);
    return { pid: Number(pid), driver: readDriver(ready!) };
  }
}

/** The driver that a link says it uses, in its first line. */
function readDriver(line: string): "tc" | "tun" {
  try {
    const { driver } = JSON.parse(line) as { driver?: unknown };
    if (driver === "tc" || driver === "tun") return driver;
  } catch {
    // Not the link's line.
  }
  throw new MachineError(`Update this checkout: the link said ${JSON.stringify(line)} when ready`);
}

async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  while (!(await reader.read()).done);
}

/** What comes on standard error: kept, up to its last 8 KiB, and told line by line to whoever follows. */
class Words {
  readonly all: Promise<string>;
  #onLine: ((line: string) => void) | null = null;
  #waiting = "";

  constructor(stream: ReadableStream<Uint8Array>) {
    this.all = this.#read(stream);
  }

  /** Tells what was said already, then each line as it comes. */
  follow(onLine: (line: string) => void): void {
    this.#onLine = onLine;
    this.#tell();
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<string> {
    const decoder = new TextDecoder();
    let all = "";
    for await (const chunk of stream) {
      const text = decoder.decode(chunk, { stream: true });
      all = (all + text).slice(-8192);
      this.#waiting = (this.#waiting + text).slice(-8192);
      this.#tell();
    }
    return all;
  }

  #tell(): void {
    if (this.#onLine === null) return;
    const lines = this.#waiting.split("\n");
    this.#waiting = lines.pop() ?? "";
    for (const line of lines) this.#onLine(line);
  }
}
