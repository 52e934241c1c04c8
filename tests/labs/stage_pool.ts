/** Several stages for the tests of one lab: checks of wrong programs wait more than they work. */

/** Hands each stage to one caller at a time. Disposing ends all. */
export class StagePool<T extends AsyncDisposable> implements AsyncDisposable {
  readonly #make: () => T;
  readonly #most: number;
  readonly #all: T[] = [];
  readonly #free: T[] = [];
  readonly #waiting: ((stage: T) => void)[] = [];

  /** @param most How many there may be at once. */
  constructor(most: number, make: () => T) {
    this.#most = most;
    this.#make = make;
  }

  /** Does something on a stage that nobody else has meanwhile. */
  async on<R>(act: (stage: T) => Promise<R>): Promise<R> {
    const stage = await this.#take();
    try {
      return await act(stage);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(stage);
      else next(stage);
    }
  }

  async #take(): Promise<T> {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#all.length === this.#most) return await new Promise((got) => this.#waiting.push(got));
    const made = this.#make();
    this.#all.push(made);
    return made;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#all.map((stage) => stage[Symbol.asyncDispose]()));
  }
}
