/**
 * A mark on the device that says to everybody in its network namespace, without a socket and without a right, that the
 * link is in place: its alias (ip-link(8)), which they read at `/sys/class/net/<device>/ifalias`.
 */
import { tool } from "./machine.ts";
import { tunDevice } from "./routes.ts";

/** The alias while packets pass through the link. */
export const readyMarker = "socklab ready";

/** Sets the marker. */
export async function setMarker(device: string): Promise<void> {
  await tool("ip", ["link", "set", "dev", device, "alias", readyMarker]);
}

/**
 * Removes what a killed link has left; a marker beside a tun device is that of a link that lives. One that lives with
 * `tc` cannot be told by its devices, which stay: its control socket answers.
 */
export async function clearStaleMarker(device: string): Promise<void> {
  const lives = await tool("ip", ["link", "show", "dev", tunDevice]).then(() => true, () => false);
  if (!lives) await clearMarker(device);
}

/** Removes the marker. */
export async function clearMarker(device: string): Promise<void> {
  await tool("ip", ["link", "set", "dev", device, "alias", ""]);
}
