/**
 * How long a server is waited for until it listens: twice for as long as a cold start may take on a busy machine; where it
 * has not come to listen then, no longer than any start takes. So one that never listens costs no minutes, and fails as
 * before.
 */
import type { ProgramSpec } from "../engine/mod.ts";

/** Milliseconds, counted in looks. */
const WHOLE = 20_000, SHORT = 5000;
/** Waits in vain, one after the other, after which there is little hope. */
const IN_VAIN = 2;

/** Where programs are started, and how often in a row each has been waited for in vain there: by its command line. */
const places = new WeakMap<object, Map<string, number>>();

/** The patience for a program where it is started. */
export class ListeningPatience {
  readonly #counts: Map<string, number>;
  readonly #program: string;

  /** @param place One submission's. */
  constructor(place: object, { command }: ProgramSpec) {
    this.#counts = places.get(place) ?? new Map();
    places.set(place, this.#counts);
    this.#program = command.join("\0");
  }

  /** Milliseconds that it has. */
  get ms(): number {
    return (this.#counts.get(this.#program) ?? 0) < IN_VAIN ? WHOLE : SHORT;
  }

  /** It listens: whatever was before, it is worth waiting for. */
  rewarded(): void {
    this.#counts.delete(this.#program);
  }

  /** It did not come to listen. */
  inVain(): void {
    this.#counts.set(this.#program, (this.#counts.get(this.#program) ?? 0) + 1);
  }
}
