/** The steps of a check, as feedback tells them. */

/** A step that was begun. */
export interface StepRecord {
  /** Completes "In this check …". */
  what: string;
  state: "running" | "passed" | "failed";
}

/** Records steps in the order in which they began. */
export class Steps {
  readonly #records: (StepRecord & { error?: unknown })[] = [];

  /** Does a step. Of steps within one another, the innermost is the one that failed. */
  async do<T>(what: string, act: () => Promise<T> | T): Promise<T> {
    const record: StepRecord & { error?: unknown } = { what, state: "running" };
    this.#records.push(record);
    try {
      const result = await act();
      if (record.state === "running") record.state = "passed";
      return result;
    } catch (error) {
      const inner = this.#records.some((one) => one !== record && one.error === error);
      if (!inner) Object.assign(record, { state: "failed", error });
      throw error;
    }
  }

  /** The check ends in the midst of a step: of those under way, the one that began last is where it failed. */
  cut(): void {
    const last = this.#records.findLast(({ state }) => state === "running");
    if (last !== undefined) last.state = "failed";
  }

  /** Those that came to an end. */
  get done(): StepRecord[] {
    return this.#records.filter(({ state }) => state !== "running")
      .map(({ what, state }) => ({ what, state }));
  }
}
