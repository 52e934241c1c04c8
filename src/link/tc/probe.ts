/**
 * Whether this machine's kernel and tc can do what the tc driver asks of them.
 */

/** What was found. */
export interface TcFacts {
  /** Whether a qdisc `netem` can be set and read back, with all that leads packets to it. */
  works: boolean;
  /** Whether its random numbers start where a seed says. */
  seeds: boolean;
  /** Whether tc takes times to the nanosecond; if not, it cuts delay and jitter to whole 64 ns. */
  nanoseconds: boolean;
  /** The kernel's release, such as `6.12.30`. */
  kernel: string;
  /** iproute2's version, such as `6.15.0`; empty where it is not installed. */
  iproute2: string;
  /** Why it does not work, in a clause such as "this kernel has no netem"; empty where it works. */
  reason: string;
}

/** Tries everything out with devices that it takes away again. */
export function probeTc(): Promise<TcFacts> {
  return Promise.reject(new Error("Not written yet"));
}
