/**
 * Who takes part in a run.
 */
import type { LinkCounted } from "./protocol.ts";
import type { LinkSettings } from "./settings.ts";

/** One end of a control connection: two requests with the same caller came over the same connection. */
export type Caller = object;

/** A run, from its begin to its end. One begun without `join` is nobody's: it lasts until it is told to end. */
export class Run {
  /** As it was begun, whatever was set since. */
  readonly settings: LinkSettings;
  /** What was counted, once it is over. */
  counted: LinkCounted | null = null;
  readonly #participants = new Set<Caller>();
  #sharers = 0;

  /** @param first The first to take part; absent in a run that is nobody's. */
  constructor(settings: LinkSettings, first?: Caller) {
    this.settings = settings;
    if (first !== undefined) this.join(first);
  }

  /** Whether others may join: somebody takes part. */
  get shared(): boolean {
    return this.#participants.size > 0;
  }

  /** Whether anybody but this caller takes part. */
  sharedBesides(caller: Caller): boolean {
    return this.#participants.size > (this.#participants.has(caller) ? 1 : 0);
  }

  /** How many have taken part so far, those who left included. */
  get sharers(): number {
    return this.#sharers;
  }

  join(caller: Caller): void {
    this.#participants.add(caller);
    this.#sharers++;
  }

  /** @returns Whether the caller was the last who took part. */
  leave(caller: Caller): boolean {
    return this.#participants.delete(caller) && !this.shared;
  }
}
