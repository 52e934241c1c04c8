/** A submission cannot be taken as it is, and that is its author's or its caller's to change. */

/** The message is one line that says what to do. */
export class RejectedError extends Error {
  override name = "RejectedError";
}
