/** Running the tools that make a rig's disks. */
import { MachineError } from "../../../src/engine/mod.ts";

/** Runs a tool to its end. @param onLine Gets what it says. @throws {MachineError} Where it is missing or fails. */
export async function runTool(
  [name = "", ...args]: readonly string[],
  { holder = name, env = {}, signal, onLine = () => {} }: {
    /** The Debian package that holds the tool. */
    holder?: string;
    env?: Record<string, string>;
    signal?: AbortSignal;
    onLine?: (line: string) => void;
  } = {},
): Promise<void> {
  const path = `${Deno.env.get("PATH") ?? ""}:/usr/sbin:/sbin`;
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command("env", {
      args: ["--", name, ...args],
      env: { LC_ALL: "C", PATH: path, ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      signal,
    }).spawn();
  } catch (cause) {
    throw new MachineError(`Install ${holder}: ${name} cannot be run`, { cause });
  }
  const lines: string[] = [];
  const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    let rest = "";
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      const whole = (rest + text).split("\n");
      rest = whole.pop() ?? "";
      for (const line of whole) {
        lines.push(line);
        onLine(line);
      }
    }
    lines.push(rest);
  };
  const [{ code }] = await Promise.all([child.status, read(child.stdout), read(child.stderr)]);
  signal?.throwIfAborted();
  if (code === 127) {
    throw new MachineError(`Install ${holder}: ${name} is not here`, { packages: [holder] });
  }
  if (code === 0) return;
  const last = lines.filter((line) => line.trim() !== "").slice(-6).join("\n  ");
  throw new MachineError(`Look at what ${name} says, which failed (status ${code}):\n  ${last}`);
}
