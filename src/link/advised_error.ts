/**
 * Errors of two parts: what to do first, then what is.
 */

/** Says what to do and what is; who goes on otherwise needs no advice. */
export class AdvisedError extends Error {
  override name = "AdvisedError";
  readonly advice: string;
  /** What is, in a clause. */
  readonly fact: string;

  constructor(advice: string, fact: string, options?: ErrorOptions) {
    super(`${advice}: ${fact}`, options);
    this.advice = advice;
    this.fact = fact;
  }
}

/** What is, without the advice where that is known apart. */
export function factOf(error: unknown): string {
  if (error instanceof AdvisedError) return error.fact;
  return error instanceof Error ? error.message : String(error);
}
