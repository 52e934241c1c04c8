/** What ends a check before its end. */
import type { Bytes } from "./check.ts";

/** What is known of a failure besides its message. */
export interface FailureFacts {
  expected?: Bytes;
  actual?: Bytes;
  /** The peer's address, `ip:port`, whose packets show what happened. */
  peer?: string;
  /** Whether the end of the program may be the reason. */
  mayHaveEnded?: boolean;
}

/** The program under test did something else than asked; the message says what, in plain words. */
export class CheckFailure extends Error {
  override name = "CheckFailure";
  readonly facts: FailureFacts;

  constructor(message: string, facts: FailureFacts = {}) {
    super(message);
    this.facts = facts;
  }
}

/** The network, the clock or the machine decided. */
export class Inconclusive extends Error {
  override name = "Inconclusive";
}
