/** Commands with the processor time that they and all that they start take, on two processors where there are more. */
import { availableParallelism } from "node:os";
import { parseTimes } from "./figures.ts";

/** Milliseconds between looks. */
const LOOK_MS = 1000;
/** The shell's `times` tells what its children took, to a hundredth of a second (POSIX). */
const SCRIPT = `"$@" >/dev/null; status=$?; times; exit $status`;

/** Whether there are more than two processors, so that commands get two of them. */
export const limited: boolean = availableParallelism() > 2 &&
  await succeeds("taskset", "-c", "0,1", "true");

/** What a command took. */
export interface Timed {
  /** From its start to its end. */
  seconds: number;
  /** Processor seconds. */
  time: number;
}

/** Runs a command to its end, and looks now and then at its process. @throws Where it fails. */
export async function runTimed(
  command: readonly string[],
  { env = {}, look = () => {} }: {
    env?: Record<string, string>;
    /** Takes the command's process; called every second, and at the end with null. */
    look?: (pid: number | null) => void;
  } = {},
): Promise<Timed> {
  const words = ["sh", "-c", SCRIPT, "sh", ...command];
  const [first, ...args] = limited ? ["taskset", "-c", "0,1", ...words] : words;
  const began = performance.now();
  look(null);
  const shell = new Deno.Command(first!, { args, env, stdin: "null", stdout: "piped" }).spawn();
  const timer = setInterval(() => look(childOf(shell.pid)), LOOK_MS);
  try {
    const text = await new Response(shell.stdout).text();
    const { code } = await shell.status;
    look(null);
    if (code !== 0) throw new Error(`Exit status ${code}: ${command.join(" ")}`);
    return { seconds: (performance.now() - began) / 1000, time: parseTimes(text) };
  } finally {
    clearInterval(timer);
  }
}

/** The shell's only child; null where it has none yet, or none any more. */
function childOf(pid: number): number | null {
  try {
    const [child] = Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`).split(" ");
    return child ? Number(child) : null;
  } catch {
    return null; // It has ended.
  }
}

async function succeeds(command: string, ...args: string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args, stderr: "null" }).output()).success;
  } catch {
    return false; // There is no such command.
  }
}
