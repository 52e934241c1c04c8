/** `submission.json`: how programs that are no TypeScript are started. Pure. */
import { nearest } from "../../lab/mod.ts";
import { RejectedError } from "./rejected_error.ts";
import { shown } from "./shown.ts";

/** Its name in a submission. */
export const SUBMISSION_JSON = "submission.json";

/** Its most bytes. */
const MOST_BYTES = 64 * 1024;
/** Most words of a command, and most characters of a word. */
const MOST_WORDS = 64, LONGEST_WORD = 4096;
/** The name of an image, as `docker run` takes it. */
const IMAGE = /^[A-Za-z0-9_][\w./:@-]{0,255}$/;

/** What it says. `submission.schema.json` describes the file. */
export interface SubmissionManifest {
  /** By a program's name in the lab (`server`, `client_udp`): argv, which the lab's own arguments follow. */
  commands: ReadonlyMap<string, readonly string[]>;
  /** Which image they run in; null where it does not say. */
  image: string | null;
}

/**
 * Reads it.
 *
 * @param programs The names of the lab's programs.
 * @throws {RejectedError} Naming the place and what belongs there.
 */
export function parseSubmission(
  bytes: Uint8Array,
  programs: readonly string[],
): SubmissionManifest {
  const { $schema: _, image, ...rest } = objectIn(bytes);
  if (image !== undefined && !isImage(image)) {
    throw fault('Give "image" the name of an image, such as "python",');
  }
  const commands = Object.entries(rest).map(([name, argv]) => {
    if (!programs.includes(name)) throw unknownName(name, programs);
    if (!isCommand(argv)) throw fault(`Give "${name}" a list of words, ["python3", "${name}.py"],`);
    return [name, argv] as const;
  });
  return { commands: new Map(commands), image: image ?? null };
}

function objectIn(bytes: Uint8Array): Record<string, unknown> {
  if (bytes.length > MOST_BYTES) {
    throw fault(`Use ${MOST_BYTES / 1024} KiB at most`, `: it has ${bytes.length} bytes`);
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : "its bytes are no UTF-8";
    throw fault("Write valid JSON", `: ${shown(reason)}`);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw fault('Write an object, {"server": ["python3", "server.py"]},');
}

function isImage(value: unknown): value is string {
  return typeof value === "string" && IMAGE.test(value);
}

function isCommand(argv: unknown): argv is readonly string[] {
  return Array.isArray(argv) && argv.length > 0 && argv.length <= MOST_WORDS && argv[0] !== "" &&
    argv.every((word) =>
      typeof word === "string" && word.length <= LONGEST_WORD && !word.includes("\0")
    );
}

function unknownName(name: string, programs: readonly string[]): RejectedError {
  const near = nearest(name, [...programs, "image"]);
  const meant = near === undefined ? "" : ` (did you mean ${near}?)`;
  return fault(`Use the names ${programs.join(", ")} or image`, `, not '${shown(name)}'${meant}`);
}

function fault(what: string, why = ""): RejectedError {
  return new RejectedError(`${what} in ${SUBMISSION_JSON}${why}`);
}
