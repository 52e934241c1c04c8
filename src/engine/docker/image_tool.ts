/** Running the tools that make an image's bases. */
import { MachineError } from "../machine_error.ts";

/** How a tool is run. */
export interface ToolOptions {
  /** The environment besides our own. */
  env?: Record<string, string>;
  cwd?: string;
  /** Where its temporary files go; the system's place for them unless given. */
  folder?: string;
  signal?: AbortSignal;
  /** Called with each line that it writes. */
  onLine?: (line: string) => void;
}

/** Runs a tool to its end; returns its status and what it wrote, in lines. @throws {MachineError} Where it is missing. */
export async function runTool(
  name: string,
  args: string[],
  options: ToolOptions,
): Promise<{ code: number; lines: string[] }> {
  options.signal?.throwIfAborted();
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(name, {
      args,
      cwd: options.cwd ?? "/",
      // Their own temporary folders go into ours, which is removed whatever becomes of them.
      env: { LC_ALL: "C", ...options.env, ...(options.folder ? { TMPDIR: options.folder } : {}) },
      stdin: "null",
      // mmdebstrap signals its whole process group when it is interrupted: not ours, too.
      detached: true,
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new MachineError(
      `Install ${name} (sudo apt-get install ${name}), or go online: images are made of Debian packages with it where no registry can be reached`,
      { cause, packages: [name] },
    );
  }
  const onAbort = () => {
    try {
      // It tidies up after that.
      child.kill("SIGINT");
    } catch {
      // It has ended.
    }
  };
  options.signal?.addEventListener("abort", onAbort);
  try {
    const lines: string[] = [];
    const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
      let rest = "";
      for await (const text of stream.pipeThrough(new TextDecoderStream())) {
        const whole = (rest + text).split(/[\r\n]+/);
        rest = whole.pop() ?? "";
        for (const line of whole) {
          if (line === "") continue;
          options.onLine?.(line);
          lines.push(line);
        }
      }
      if (rest !== "") lines.push(rest);
    };
    const [, , { code }] = await Promise.all([
      read(child.stdout),
      read(child.stderr),
      child.status,
    ]);
    options.signal?.throwIfAborted();
    return { code, lines };
  } finally {
    options.signal?.removeEventListener("abort", onAbort);
  }
}
