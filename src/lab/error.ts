/** The caller named a lab or a program that is not there, or a manifest is wrong: one line that says what to do. */
export class LabError extends Error {
  override name = "LabError";
}
