/**
 * Names and numbers of what the tc driver puts into the server's network namespace.
 */

/** One of a direction's two chains of devices: one is in force, the other is got ready or runs dry. */
export type TapEnd = 0 | 1;

/** A direction: `up` to the server, `down` from it. */
export type Way = "up" | "down";

/** Which chain each direction's packets take, at first 0; a direction's epochs take turns. */
export interface Chains {
  readonly up: TapEnd;
  readonly down: TapEnd;
}

/** Both directions. */
export const ways: readonly Way[] = ["up", "down"];

/**
 * The queues' devices of each direction, of the type `ifb`: a chain each, for epochs take turns. Two devices and not
 * two bands of one, for some kernels (6.12.42 and others) refuse a netem that duplicates beside another in one tree.
 * Not called `up` and `down`, which ip and tc would take for words of theirs.
 */
export const queueDevices = {
  up: ["link-up-0", "link-up-1"],
  down: ["link-down-0", "link-down-1"],
} as const;

/**
 * The two ends of the cable that nobody is at: what comes before the queue of chain 0 is shown on the first, of chain
 * 1 on the second.
 */
export const tapDevices = ["link-tap-0", "link-tap-1"] as const;

/** The protocol that the sockets are bound to which tell a watch that its devices are there: one that nobody sends. */
export const sentinelProtocol = 0x88b5;

/** Every device that was created by itself: the cable's other end comes and goes with the first. */
export const createdDevices: readonly string[] = [
  ...queueDevices.up,
  ...queueDevices.down,
  tapDevices[0],
];
