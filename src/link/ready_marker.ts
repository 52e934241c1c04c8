/**
 * A mark on the device that says to everybody in its network namespace, without a socket and without a right, that the
 * link is in place: its alias (ip-link(8)), which they read at `/sys/class/net/<device>/ifalias`.
 */
import { tool } from "./machine.ts";

/** The alias while packets pass through the link. */
export const readyMarker = "socklab ready";

/** Sets the marker. */
export async function setMarker(device: string): Promise<void> {
  await tool("ip", ["link", "set", "dev", device, "alias", readyMarker]);
}

/** Removes the marker. */
export async function clearMarker(device: string): Promise<void> {
  await tool("ip", ["link", "set", "dev", device, "alias", ""]);
}
