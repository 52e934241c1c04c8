/** Something made anew whenever what it is made of has changed. Pure. */

/** Makes it once at a time: what changes meanwhile is in the next, and what changes often is not made as often. */
export class Latest {
  readonly #make: () => Promise<void>;
  #making: Promise<void> | null = null;
  #stale = false;
  #failed: { error: unknown } | null = null;

  constructor(make: () => Promise<void>) {
    this.#make = make;
  }

  /** What it is made of has changed. */
  changed(): void {
    this.#stale = true;
    this.#making ??= this.#run();
  }

  async #run(): Promise<void> {
    while (this.#stale && this.#failed === null) {
      this.#stale = false;
      await this.#make().catch((error: unknown) => this.#failed = { error });
    }
    this.#making = null;
  }

  /** Resolves once it is made of what is so now. @throws What making it has thrown. */
  async made(): Promise<void> {
    await this.#making;
    if (this.#failed !== null) throw this.#failed.error;
  }
}
