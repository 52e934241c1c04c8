/**
 * Other links in this network namespace: one that lives is not to be touched, and one that was killed has left what
 * packets would meet beside this link's own doing.
 */
import type { LinkInterface } from "./routes.ts";
import { tunDevice } from "./routes.ts";
import { queueDevices, sentinelProtocol } from "./tc/names.ts";

/** What there is of another link: the device that a living one holds, or queues of one that was killed. */
export type OtherLink = { holds: string } | "killed" | null;

/**
 * Finds another link.
 *
 * @param devices The namespace's devices, as /proc/net/dev lists them.
 * @param sockets Its packet sockets, as /proc/net/packet does. A link's queues outlive it, but not its sockets.
 */
export function otherLink(devices: string, sockets: string): OtherLink {
  const names = devices.split("\n").map((line) => line.split(":")[0]!.trim());
  if (names.includes(tunDevice)) return { holds: tunDevice };
  const [queue] = queueDevices.up;
  if (!names.includes(queue)) return null;
  const protocol = sentinelProtocol.toString(16).padStart(4, "0");
  const watched = sockets.split("\n").some((line) => line.trim().split(/\s+/)[3] === protocol);
  return watched ? { holds: queue } : "killed";
}

/**
 * Takes away what a killed link has left.
 *
 * @throws {Error} Where another link lives here; nothing has been touched then.
 */
export async function clearKilledLink(on: LinkInterface): Promise<void> {
  const other = otherLink(
    Deno.readTextFileSync("/proc/net/dev"),
    Deno.readTextFileSync("/proc/net/packet"),
  );
  if (other === null) return;
  if (other !== "killed") {
    throw new Error(`End the other link first: it holds this namespace's ${other.holds}`);
  }
  // Loaded where it is used: a link with tun stays small.
  const { clearQueues } = await import("./tc/kernel_netem.ts");
  await clearQueues(on);
}
