/** Waiting until something may have changed. */
import { PATIENCE, withPatience } from "./patience.ts";

/** A condition that several may wait for at once, each of whom then looks for itself. */
export class Condition {
  #next: PromiseWithResolvers<void> = Promise.withResolvers();

  /** Wakes all who wait. */
  notifyAll(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }

  /** Settles at the next notice. */
  get notice(): Promise<void> {
    return this.#next.promise;
  }

  /** Waits for the next notice with patience; false where that ends first. */
  async wait(ticks: number = PATIENCE): Promise<boolean> {
    return await withPatience(this.notice.then(() => true), () => false, ticks);
  }
}
