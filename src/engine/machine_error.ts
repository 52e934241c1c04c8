/**
 * The machine, not the caller, is at fault: something is missing, forbidden or full.
 *
 * Its message is one line that begins with what to do. A caller that may install software reads
 * `packages`; every other prints the message and exits with status 3.
 */
export class MachineError extends Error {
  override name = "MachineError";
  /** Debian packages that would help; empty where none would. */
  readonly packages: readonly string[];

  constructor(message: string, options: ErrorOptions & { packages?: readonly string[] } = {}) {
    super(message, options);
    this.packages = options.packages ?? [];
  }
}
