/**
 * Names and numbers of what the tc driver puts into the server's network namespace.
 */

/** One of a direction's two chains of devices: one is in force, the other is got ready or runs dry. */
export type TapEnd = 0 | 1;

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
