/** Ctrl-C, SIGTERM and a closed terminal: the first asks for an orderly end, the second ends at once. */

/** The signals that ask a program to end. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Turns signals into an abort. */
export class Interrupt implements Disposable {
  readonly #controller = new AbortController();
  readonly #onSignal: () => void;

  /** @param onSecond Called where the user insists. */
  constructor(onSecond: () => void = () => Deno.exit(130)) {
    this.#onSignal = () => {
      if (this.#controller.signal.aborted) onSecond();
      else this.#controller.abort(new DOMException("Interrupted", "AbortError"));
    };
    for (const name of SIGNALS) Deno.addSignalListener(name, this.#onSignal);
  }

  /** Aborted at the first signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    for (const name of SIGNALS) Deno.removeSignalListener(name, this.#onSignal);
  }
}
