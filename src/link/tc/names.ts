/**
 * Names and numbers of what the tc driver puts into the server's network namespace.
 */

/**
 * The queues' devices, one for each direction; of the type `ifb`. Not called `up` and `down`, which ip and tc would
 * take for words of theirs.
 */
export const queueDevices = { up: "link-up", down: "link-down" } as const;

/**
 * The two ends of the cable that nobody is at: what comes before a queue is shown on one of them, and which of them
 * tells the epoch it belongs to.
 */
export const tapDevices = ["link-tap", "link-pat"] as const;

/** An end of that cable. */
export type TapEnd = 0 | 1;

/** Bands that a direction's netem can sit in: one in force, the others to get ready or to run dry in. */
export const bands = [1, 2, 3] as const;

/** One of them. */
export type Band = (typeof bands)[number];
