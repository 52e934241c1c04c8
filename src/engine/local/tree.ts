/**
 * A testbed's process tree: a watcher, the namespaces' first process (which becomes the link), and in its pid namespace
 * every program. It ends whole: when the link ends, the kernel ends the rest.
 */
import { MachineError } from "../machine_error.ts";
import { type Tools, treeCommand } from "./commands.ts";
import { childrenOf, delay, signal } from "./process.ts";

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
  signal?: AbortSignal;
}

/** A tree whose link is ready. */
export interface Tree {
  /** The first process's id on the machine. */
  readonly pid: number;
  readonly driver: "tc" | "tun";
  /** Settles when the tree has ended, with the link's last words. */
  readonly ended: Promise<string>;
  /** Ends the tree, at the latest after 3 s by force. */
  end(): Promise<void>;
}

// Survives the tool, so that even after a SIGKILL the folder goes.
const watcher = `state=$1; shift; "$@"; status=$?; rm -rf -- "$state"; exit $status`;

/**
 * Starts a tree and waits until its link is ready.
 *
 * @throws {MachineError} Where the machine does not allow it; nothing is left then.
 */
export async function startTree(options: TreeOptions): Promise<Tree> {
  const { tools, state, userNamespace, script, link } = options;
  options.signal?.throwIfAborted();
  const args = [state, tools.mount, tools.ip, tools.nsenter, ...link];
  const argv = treeCommand(tools, { userNamespace, script, args });
  const child = new Deno.Command("/bin/sh", {
    args: ["-c", watcher, "socklab-watch", state, ...argv],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    // A session of its own: the terminal's Ctrl-C is the tool's to answer.
    detached: true,
  }).spawn();
  const words = readAll(child.stderr);
  const ended = child.status.then(async () => await words);
  let pid = 0;
  const kill = () => {
    if (pid > 0) return signal(pid, "SIGKILL");
    for (const unshare of childrenOf(child.pid)) signal(unshare, "SIGKILL");
  };
  const end = async () => {
    await child.stdin.close().catch(() => {});
    const late = delay(3000);
    await Promise.race([child.status, late.done.then(kill)]);
    late.cancel();
    await child.status;
  };
  options.signal?.addEventListener("abort", kill, { once: true });
  try {
    for await (const line of firstLines(child.stdout)) {
      if (pid === 0) pid = Number(line);
      else {
        const { driver } = JSON.parse(line) as { driver: "tc" | "tun" };
        return { pid, driver, ended, end };
      }
    }
    const said = await ended;
    options.signal?.throwIfAborted();
    throw new MachineError(explain(said, userNamespace));
  } catch (error) {
    kill();
    await child.stdin.close().catch(() => {});
    await child.status;
    throw error;
  } finally {
    options.signal?.removeEventListener("abort", kill);
  }
}

/** The two lines that a tree prints; what follows is read and dropped, so that nobody ever blocks. */
async function* firstLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  let rest = "";
  for (let count = 0; count < 2;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += decoder.decode(value, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (count++ === 1) drain(reader);
      yield line;
    }
  }
}

async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  while (!(await reader.read()).done);
}

async function readAll(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream() as never)) {
    text = (text + chunk).slice(-8192);
  }
  return text.trim();
}

/** From what the tree said to one line for the user. */
export function explain(said: string, userNamespace: boolean): string {
  const lines = said.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  if (lines.some((line) => line.startsWith("unshare:") || /\/proc\/self\/uid_map/.test(line))) {
    return (userNamespace
      ? "Allow unprivileged user namespaces (./lab doctor says how), or run as root: "
      : "Allow namespaces here (./lab doctor says how): ") + lines[0];
  }
  const step = lines.findLast((line) => line.startsWith("socklab-setup: "));
  if (step !== undefined) {
    const reason = lines.find((line) => !line.startsWith("socklab-setup: "));
    return `Run ./lab doctor: setting up the network failed (${step.slice(15)})` +
      (reason === undefined ? "" : `: ${reason}`);
  }
  return lines.at(-1) ?? "Run ./lab doctor: the link ended without a word";
}
