/**
 * What the link does to the namespace it runs in: tools, switches, congestion control.
 */
import type { Switch } from "./switches.ts";

/**
 * Runs a tool and returns its output.
 *
 * @throws {Error} Where it is missing or fails, with its own words.
 */
export async function tool(
  name: string,
  args: string[],
  input = "",
): Promise<string> {
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(name, {
      args,
      cwd: "/",
      stdin: input === "" ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    })
      .spawn();
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new Error(
      `Install ${
        ["ip", "tc"].includes(name) ? "iproute2" : name
      }: the link needs the command ${name}`,
      { cause },
    );
  }
  const said = Promise.all([readText(child.stdout), readText(child.stderr), child.status]);
  if (input !== "") {
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(input)).catch(() => {});
    await writer.close().catch(() => {});
  }
  const [stdout, stderr, { success }] = await said;
  if (!success) throw new Error(`${name} ${args.join(" ")}: ${stderr.trim()}`);
  return stdout;
}

/**
 * Reads to the end, with one small buffer: those that a stream takes of itself have 64 KB each, and a link that has
 * called its tools a hundred times would hold 15 MB of them until they are collected.
 */
async function readText(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  const reader = stream.getReader({ mode: "byob" }), decoder = new TextDecoder();
  let text = "", buffer = new ArrayBuffer(4096);
  for (;;) {
    const { value, done } = await reader.read(new Uint8Array(buffer));
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
    buffer = value.buffer;
  }
}

/**
 * Sets the switches, where they are not right already; in a container they are read-only and must come right.
 *
 * @throws {Error} Naming the first switch that is wrong and cannot be set.
 */
export function setSwitches(switches: readonly Switch[]): void {
  for (const one of switches) {
    try {
      Deno.writeTextFileSync(`/proc/sys/${one.path}`, one.value);
    } catch (cause) {
      if (!one.accepted.includes(readSwitch(one))) {
        const setting = `${one.path.replaceAll("/", ".")}=${one.value}`;
        throw new Error(
          `Set ${setting} for the link (a container: --sysctl ${setting}, or sysctls in its compose file; now ${
            readSwitch(one)
          }): otherwise ${one.why}`,
          { cause },
        );
      }
    }
  }
}

function readSwitch(one: Switch): string {
  try {
    return Deno.readTextFileSync(`/proc/sys/${one.path}`).trim();
  } catch {
    return "absent";
  }
}

/**
 * Pins TCP's congestion control to Reno, the one whose answer to loss the labs teach; kernels default to others,
 * BBR among them, which hides loss.
 *
 * @returns What is in force, which a kernel without Reno decides.
 */
export function pinCongestionControl(): string {
  const path = "/proc/sys/net/ipv4/tcp_congestion_control";
  try {
    Deno.writeTextFileSync(path, "reno");
  } catch {
    // Read-only (a container) or unknown to the kernel: say what is in force instead.
  }
  try {
    return Deno.readTextFileSync(path).trim();
  } catch {
    return "unknown";
  }
}
