/**
 * A program, as it is or lies, cannot be run on the engine that was asked for; another may.
 *
 * Its message is one line that begins with what to do; the exit status is 2, the caller's to mend.
 */
export class UnfitError extends Error {
  override name = "UnfitError";
}
