/** What becomes of a batch's submissions, entered into the gradebook. */
import {
  type BatchFolder,
  type Book,
  BookError,
  type Ended,
  type Journal,
  openBook,
} from "../src/grade/mod.ts";
import { bookFault } from "./grades_place.ts";

/** The gradebook that a batch goes into. Disposing closes it. */
export class BatchBook implements Disposable {
  readonly #book: Book | null;
  /** Why it can no longer be written, in one line; null where it can. */
  fault: string | null = null;

  /**
   * Opens it.
   *
   * @param path null: there is none.
   * @throws {UsageError | MachineError} Where it cannot be used.
   */
  constructor(path: string | null) {
    try {
      this.#book = path === null ? null : openBook(path);
    } catch (error) {
      throw bookFault(error);
    }
  }

  /** Enters what became of a submission, unless that was entered before, or it was not graded to its end. */
  add(ended: Ended, { journal, folder }: { journal: Journal; folder: BatchFolder }): void {
    const { entry, name, result, rejected, fault } = ended;
    if (fault !== null || this.fault !== null) return;
    const { id: batch, lab, lab_hash, seed, versions, whole, started } = journal;
    const { program, hash, file } = entry;
    try {
      this.#book?.add({
        ...{ name, result, rejected, batch, lab, lab_hash, seed, versions, hash },
        whole: whole && program === undefined,
        started: result?.started ?? started,
        artifacts: `${folder.path}/submissions/${file}`,
      });
    } catch (error) {
      if (!(error instanceof BookError)) throw error;
      // Results are kept in the batch's folder all the same; once it is resumed, they are entered.
      this.fault = error.message;
    }
  }

  [Symbol.dispose](): void {
    this.#book?.[Symbol.dispose]();
  }
}
