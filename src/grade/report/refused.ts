/** A format has no honest way to say what is. */

/** The message says in one line what to do, and why there is no document. */
export class ReportRefused extends Error {
  override name = "ReportRefused";
}
