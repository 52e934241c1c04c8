/**
 * What the link reads and sets of the namespace it runs in: its interface, switches, routes.
 */
import { type LinkInterface, type requiredSwitches, type Switch } from "./routes.ts";

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
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    })
      .spawn();
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new Error(
      `Install ${name === "ip" ? "iproute2" : name}: the link needs the command ${name}`,
      { cause },
    );
  }
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input)).catch(() => {});
  await writer.close().catch(() => {});
  const { success, stdout, stderr } = await child.output();
  if (!success) {
    throw new Error(`${name} ${args.join(" ")}: ${new TextDecoder().decode(stderr).trim()}`);
  }
  return new TextDecoder().decode(stdout);
}

/**
 * The interface's IPv4 address, network and MTU.
 *
 * @throws {Error} Where there is no such interface, or none with an address.
 */
export async function readInterface(device: string): Promise<LinkInterface> {
  const listing = JSON.parse(
    await tool("ip", ["-json", "-4", "address", "show", "dev", device]),
  ) as {
    mtu?: number;
    addr_info?: { local?: string; prefixlen?: number; scope?: string }[];
  }[];
  for (const entry of listing) {
    for (const info of entry.addr_info ?? []) {
      if (info.local !== undefined && info.prefixlen !== undefined) {
        return { device, address: info.local, prefix: info.prefixlen, mtu: entry.mtu ?? 1500 };
      }
    }
  }
  throw new Error(`Give ${device} an IPv4 address first: the link found none`);
}

/**
 * Sets the switches, where they are not right already; in a container they are read-only and must come right.
 *
 * @throws {Error} Naming the first switch that is wrong and cannot be set.
 */
export function setSwitches(switches: ReturnType<typeof requiredSwitches>): void {
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
