/** Programs of others that tests talk to: which are here, and one of them started as a server. */
import { findCommand } from "../../scripts/quiet_command.ts";
import { until } from "../link/poll.ts";
import { TestProcess } from "../program.ts";

/** Of 127.0.0.0/8, one for each process that tests: whatever else listens on this machine is not in the way. */
export const ADDRESS: string = [
  127,
  64 + ((Deno.pid >> 16) & 63),
  (Deno.pid >> 8) & 255,
  Deno.pid & 255,
].join(".");

/** Returns what is missing of these commands, in words; empty where nothing is. */
export function lacking(...commands: string[]): string {
  const missing = commands.filter((name) => findCommand(name) === null);
  return missing.length === 0 ? "" : `no ${missing.join(", ")} here`;
}

/** Finds Python itself first, where `python3` is a script that looks for one: that takes ten times as long to start. */
export function preferPythonItself(): void {
  const asked = ["-c", "import os, sys; print(os.path.dirname(sys.executable))"];
  const { stdout } = new Deno.Command("python3", { args: asked, stdin: "null" }).outputSync();
  const folder = new TextDecoder().decode(stdout).trim();
  Deno.env.set("PATH", `${folder}:${Deno.env.get("PATH") ?? ""}`);
}

/**
 * Starts a server at a port of `ADDRESS`, and waits until it listens.
 *
 * @param argv The command; of it, `ADDRESS` and the port are the caller's to say.
 */
export async function serving(
  [name = "", ...args]: readonly string[],
  { transport, port }: { transport: "tcp" | "udp"; port: number },
): Promise<TestProcess> {
  const server = new TestProcess([findCommand(name) ?? name, ...args]);
  try {
    await until(() => isBound(transport, port), Boolean, 20_000);
    return server;
  } catch (cause) {
    await server[Symbol.asyncDispose]();
    throw new Error(`${name} does not listen: ${server.text("stderr")}`, { cause });
  }
}

/** Whether something listens, or is bound, at a port of `ADDRESS`; proc(5) has addresses in the machine's byte order. */
function isBound(transport: "tcp" | "udp", port: number): boolean {
  const hex = (n: number, digits: number) => n.toString(16).toUpperCase().padStart(digits, "0");
  const address = ADDRESS.split(".").reverse().map((part) => hex(Number(part), 2)).join("");
  const state = transport === "tcp" ? "0A" : "07";
  return Deno.readTextFileSync(`/proc/net/${transport}`)
    .includes(`${address}:${hex(port, 4)} 00000000:0000 ${state}`);
}
