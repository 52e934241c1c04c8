/** From what a testbed's first process said to one line for the user. Pure. */

/** What became of a set-up that failed. */
export interface Failure {
  /** One line. */
  message: string;
  /** Whether the machine is the likely cause, rather than the link: a look at it would tell more. */
  machine: boolean;
}

/**
 * Returns why the set-up failed.
 *
 * @param said everything on standard error, of `unshare`, of the set-up script or of the link
 */
export function explain(said: string): Failure {
  // deno-lint-ignore no-control-regex
  const plain = said.replace(/\x1b\[[0-9;]*m/g, "");
  const lines = plain.split("\n").map((line) => line.trim()).filter((line) =>
    // What unshare of util-linux 2.38 says whenever its child was killed: a slip of its own.
    line !== "" && !line.endsWith("unshare: sigprocmask unblock failed: Invalid argument")
  );
  const refused = lines.find((line) => /\bunshare: /.test(line));
  if (refused !== undefined) {
    return {
      message: `Run ./lab doctor: this machine forbids namespaces (${refused})`,
      machine: true,
    };
  }
  const step = lines.findLast((line) => line.startsWith("socklab-setup: "));
  if (step !== undefined) {
    const reason = lines.find((line) => line !== step && !line.startsWith("Command failed"));
    const why = reason === undefined ? "" : `, ${reason}`;
    return {
      message: `Run ./lab doctor: setting up the network failed (${
        step.slice("socklab-setup: ".length)
      }${why})`,
      machine: true,
    };
  }
  // Deno's own errors go on for lines: the first says what, a stack follows.
  const error = lines.find((line) => line.startsWith("error: "));
  const message = error ?? lines.at(-1) ?? "Start again: the link ended without a word";
  return { message, machine: false };
}
