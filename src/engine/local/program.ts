/** A program inside a testbed: its streams, its signals, its end. */
import type { ProgramExit, ProgramSpec, RunningProgram } from "../testbed.ts";
import { childrenOf, delay, signal } from "./process.ts";

/** Milliseconds between SIGTERM and SIGKILL. */
const patience = 2000;
/** Milliseconds that a program's output may outlast it: what it left behind may hold the pipe for ever. */
const afterwards = 300;

/**
 * Starts a command line that enters the testbed and becomes the program.
 *
 * @param argv What `programCommand()` returned: its first process forks, waits and passes the end on.
 */
export function startProgram(
  argv: string[],
  spec: Pick<ProgramSpec, "env" | "input">,
): RunningProgram {
  const { input = "none" } = spec;
  const child = new Deno.Command(argv[0]!, {
    args: argv.slice(1),
    ...(spec.env ? { env: spec.env } : {}),
    stdin: input === "none" ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
    // Signals are the tool's to send: the terminal's Ctrl-C would reach the program a second time.
    detached: true,
  }).spawn();
  if (input !== "none") input.pipeTo(child.stdin).catch(() => {});
  let over = false;
  const exited = child.status.then(({ code, signal }): ProgramExit => {
    over = true;
    return { code, signal };
  });
  const closing = exited.then(() => delay(afterwards).done);
  const kill = (name: "SIGINT" | "SIGTERM" | "SIGKILL") => {
    const tell = (tries: number) => {
      if (over) return;
      const [program] = childrenOf(child.pid);
      if (program !== undefined) return signal(program, name);
      // It has not been forked yet: it will be within milliseconds.
      if (tries > 0) setTimeout(tell, 2, tries - 1);
      else signal(child.pid, "SIGKILL");
    };
    tell(500);
  };
  return {
    pid: child.pid,
    stdout: until(child.stdout, closing),
    stderr: until(child.stderr, closing),
    exited,
    kill,
    async [Symbol.asyncDispose]() {
      if (over) return;
      kill("SIGTERM");
      const late = delay(patience);
      await Promise.race([exited, late.done.then(() => kill("SIGKILL"))]);
      late.cancel();
      await exited;
    },
  };
}

/** A stream that ends at the latest when told to. */
function until(
  stream: ReadableStream<Uint8Array>,
  end: Promise<void>,
): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  const ended = end.then(() => ({ done: true, value: undefined }) as const);
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await Promise.race([reader.read(), ended]);
      if (!done) return controller.enqueue(value);
      controller.close();
      reader.cancel().catch(() => {});
    },
    async cancel() {
      await reader.cancel().catch(() => {});
    },
  });
}
