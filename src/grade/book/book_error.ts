/** Why a gradebook cannot be used, in one line for its user. */

/** The gradebook cannot be read or written. Nothing is lost: what it held is as it was, and grading can go on without. */
export class BookError extends Error {
  override name = "BookError";
  /** Whose fault it is: that of the file that was named, or the machine's (a full disk, a lock that stays). */
  readonly fault: "file" | "machine";

  constructor(message: string, options: ErrorOptions & { fault: "file" | "machine" }) {
    super(message, options);
    this.fault = options.fault;
  }
}

/** Result codes of SQLite (https://sqlite.org/rescode.html). */
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const NOTADB = 26;

/** Returns SQLite's result code without what extends it; undefined where the error is none of SQLite's. */
function codeOf(error: unknown): number | undefined {
  const { errcode } = error as { errcode?: number };
  return errcode === undefined ? undefined : errcode & 0xff;
}

/** Whether another process holds the book, so that it may be free a moment later. */
export function isBusy(error: unknown): boolean {
  const code = codeOf(error);
  return code === BUSY || code === LOCKED;
}

/** Returns what the error means for the book at this path; the error itself where it is neither SQLite's nor JSON's. Pure. */
export function bookError(path: string, error: unknown): unknown {
  const damaged = error instanceof SyntaxError;
  if (!(error instanceof Error) || !(damaged || codeOf(error) !== undefined)) return error;
  const cause = error;
  const reason = error.message;
  const file = (message: string) => new BookError(message, { cause, fault: "file" });
  const machine = (message: string) => new BookError(message, { cause, fault: "machine" });
  switch (damaged ? CORRUPT : codeOf(error)) {
    case BUSY:
    case LOCKED:
      return machine(`Wait for whoever writes the gradebook ${path}, then try again: ${reason}`);
    case READONLY:
      return file(`Make the gradebook ${path} and its folder writable: ${reason}`);
    case FULL:
      return machine(`Make room on the disk for the gradebook ${path}: ${reason}`);
    case IOERR:
      return machine(`Look at the disk of the gradebook ${path}: ${reason}`);
    case NOTADB:
      return file(`Name another gradebook than ${path}, or move that file away: ${reason}`);
    case CORRUPT:
      return file(`Bring a copy of the gradebook ${path} back, or move it away: ${reason}`);
    default:
      return file(`Name another gradebook than ${path}: ${reason}`);
  }
}
