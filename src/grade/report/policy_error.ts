/** A policy cannot be taken as it is written. */

/** The message is one line that says what to write. */
export class PolicyError extends Error {
  override name = "PolicyError";
}
