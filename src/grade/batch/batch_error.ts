/** A batch cannot begin or go on as its caller asks. */

/** The message is one line that says what to do. */
export class BatchError extends Error {
  override name = "BatchError";
}
