/**
 * Patience: time in which who waits, and who is waited for, were given a processor.
 *
 * It is counted in ticks of a timer of the process that waits. A tick counts as 50 ms however late it came, and as less
 * where more programs want a processor than there are: a machine that is starved or suspended stretches everybody's
 * patience, and changes no verdict.
 */
import { processorShare } from "./processor_share.ts";

/** Milliseconds that a tick counts. */
export const TICK_MS = 50;
/** Ticks that a check waits for anything: 3 s. */
export const PATIENCE = 60;
/** Ticks until something must have come of a client that was just started: 10 s. A cold start is not its fault. */
export const STARTING = 200;
/** Ticks that are left once the program under test has ended: what it sent may still be under way. */
export const AFTERWARDS = 20;

/** Waits with patience; each calls back when it is at its end. */
export class PatientTimer {
  readonly #waits = new Set<{ left: number; end: () => void }>();
  #interval: ReturnType<typeof setInterval> | undefined;
  readonly #share: () => number;
  #most = Infinity;

  /** @param share What of a tick counts, above 0 to 1. */
  constructor(share: () => number = processorShare) {
    this.#share = share;
  }

  /** Calls `end` after so many ticks; returns what calls it off. */
  start(ticks: number, end: () => void): () => void {
    const wait = { left: Math.min(ticks, this.#most), end };
    this.#waits.add(wait);
    this.#interval ??= setInterval(() => this.#tick(), TICK_MS);
    return () => {
      this.#waits.delete(wait);
      this.#rest();
    };
  }

  /** From now on no wait has more than so many ticks left, those under way included; Infinity lifts that. */
  limit(ticks: number): void {
    this.#most = ticks;
    for (const wait of this.#waits) wait.left = Math.min(wait.left, ticks);
  }

  #tick(): void {
    const share = this.#share();
    for (const wait of [...this.#waits]) {
      wait.left -= share;
      if (wait.left > 0) continue;
      this.#waits.delete(wait);
      wait.end();
    }
    this.#rest();
  }

  #rest(): void {
    if (this.#waits.size > 0) return;
    clearInterval(this.#interval);
    this.#interval = undefined;
  }
}

/** One timer is enough for a process. */
export const patient: PatientTimer = new PatientTimer();

/** Settles as `work` does, or with `late()` at the end of the patience. */
export async function withPatience<T>(
  work: Promise<T>,
  late: () => T,
  ticks: number = PATIENCE,
): Promise<T> {
  let off = () => {};
  const timeout = new Promise<void>((resolve) => off = patient.start(ticks, resolve));
  try {
    return await Promise.race([work, timeout.then(late)]);
  } finally {
    off();
  }
}
