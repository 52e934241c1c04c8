/** The folder of a batch: its journal, the result of each submission, documents. One grader at a time. */
import { dirname } from "node:path";
import { MachineError } from "../../engine/mod.ts";
import { reasonOf } from "../../lab/mod.ts";
import type { Check } from "../check.ts";
import type { GradeResult } from "../result.ts";
import { BatchError } from "./batch_error.ts";
import { formatJournal, type Journal, type JournalEntry, parseJournal } from "./journal.ts";
import { syncFolder, writeWhole } from "./write_whole.ts";

const JOURNAL = "batch.json";
const RESULT = "result.json";

/** A batch's folder, kept from other graders until it is disposed of. */
export class BatchFolder implements Disposable {
  /** Its absolute path. */
  readonly path: string;
  readonly #lock: Deno.FsFile;

  private constructor(path: string, lock: Deno.FsFile) {
    this.path = path;
    this.#lock = lock;
  }

  /**
   * Takes a folder, which is made where it is not there.
   *
   * @throws {BatchError} Where another grader has it, or it cannot be had.
   */
  static take(path: string): BatchFolder {
    let lock: Deno.FsFile | undefined;
    let taken: boolean;
    try {
      Deno.mkdirSync(path, { recursive: true });
      // The kernel's own lock on the folder itself: it goes with its process, however that ends.
      lock = Deno.openSync(path);
      taken = lock.tryLockSync(true);
    } catch (error) {
      lock?.close();
      throw folderError(path, error);
    }
    if (taken) return new BatchFolder(path, lock);
    lock.close();
    throw new BatchError(`Wait, or give --out another folder: a batch is being graded in ${path}`);
  }

  /** What was begun here; null where nothing was. @throws {BatchError} Where it cannot be read. */
  journal(): Journal | null {
    const path = `${this.path}/${JOURNAL}`;
    let text: string;
    try {
      text = Deno.readTextFileSync(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw folderError(this.path, error);
    }
    return parseJournal(text, path);
  }

  /** Begins a batch: makes a folder for each of its submissions. */
  async begin(journal: Journal): Promise<void> {
    await this.#do(async () => {
      const folder = `${this.path}/submissions`;
      await Deno.mkdir(folder, { recursive: true });
      for (const { file } of journal.submissions) {
        await Deno.mkdir(`${folder}/${file}`, { recursive: true });
      }
      await syncFolder(folder);
      // The last of all: where it is there, all that it speaks of is.
      await writeWhole(`${this.path}/${JOURNAL}`, formatJournal(journal));
    });
  }

  /**
   * The result of a submission, where it was graded by this journal to its end.
   *
   * @param checks Those that it meets, in their order.
   */
  result(
    journal: Journal,
    { file, hash }: JournalEntry,
    checks: readonly Pick<Check, "id">[],
  ): GradeResult | null {
    try {
      const text = Deno.readTextFileSync(`${this.path}/submissions/${file}/${RESULT}`);
      const result = JSON.parse(text) as GradeResult | null;
      const ids = (all?: readonly { id: string }[]) => JSON.stringify(all?.map(({ id }) => id));
      const ours = result?.v === 1 && result.hash === hash && result.lab === journal.lab &&
        result.seed === journal.seed && ids(result.checks) === ids(checks);
      return ours ? result : null;
    } catch {
      return null; // Not there, or not ours.
    }
  }

  /** Keeps the result of a submission. */
  async keep({ file }: JournalEntry, result: GradeResult): Promise<void> {
    await this.write(`submissions/${file}/${RESULT}`, `${JSON.stringify(result, null, 2)}\n`);
  }

  /** Writes a file, by its path in this folder. @throws {BatchError | MachineError} Where it cannot. */
  async write(path: string, text: string): Promise<void> {
    await this.#do(async () => {
      const whole = `${this.path}/${path}`;
      await Deno.mkdir(dirname(whole), { recursive: true });
      await writeWhole(whole, text);
    });
  }

  async #do(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      throw folderError(this.path, error);
    }
  }

  [Symbol.dispose](): void {
    this.#lock.close();
  }
}

/** A full disk is not the caller's fault. */
function folderError(path: string, cause: unknown): Error {
  if (/os error (?:28|122)\b/.test(String(cause))) {
    return new MachineError(`Make room on the disk of ${path}: ${reasonOf(cause)}`, { cause });
  }
  const message = `Give --out a folder that you can write, not ${path}: ${reasonOf(cause)}`;
  return new BatchError(message, { cause });
}
