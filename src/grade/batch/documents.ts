/** The documents of a batch, as `--format` names them, in its folder. */
import {
  type BatchFormat,
  type FormatName,
  FORMATS,
  type Graded,
  type GradedBatch,
  type Policy,
  type ReportContext,
  ReportRefused,
  shownBatch,
  shownGraded,
  type SubmissionFormat,
} from "../report/mod.ts";
import type { GradeResult } from "../result.ts";
import type { BatchFolder } from "./batch_folder.ts";
import type { JournalEntry } from "./journal.ts";

/** What documents are written with. */
export interface DocumentsOptions {
  formats: readonly FormatName[];
  /** What of results they show. */
  policy: Policy;
  /** What documents know besides results; asked for each. */
  context: () => ReportContext;
  /** Hears why a document is not written. */
  onNotice: (line: string) => void;
}

/** Writes documents into a batch's folder. */
export class Documents {
  readonly #folder: BatchFolder;
  readonly #options: DocumentsOptions;

  constructor(folder: BatchFolder, options: DocumentsOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  /** Writes those of a submission that is being graded which are read even if it never comes to an end. */
  async early(entry: JournalEntry, result: GradeResult): Promise<void> {
    const one = { name: entry.name, result, rejected: null };
    const formats = this.#named("submission").filter(({ early }) => early);
    // One that is refused now may be written later.
    await this.#ofSubmission(entry, one, formats, () => {});
  }

  /** Writes those of a submission. */
  async ofSubmission(entry: JournalEntry, one: Graded): Promise<void> {
    await this.#ofSubmission(entry, one, this.#named("submission"));
  }

  async #ofSubmission(
    { file }: JournalEntry,
    one: Graded,
    formats: readonly SubmissionFormat[],
    onRefused = this.#options.onNotice,
  ): Promise<void> {
    const shown = shownGraded(one, this.#options.policy);
    for (const { files } of formats) {
      for (const [name, write] of Object.entries(files)) {
        const path = `submissions/${file}/${name}`;
        await this.#write(path, (context) => write(shown, context), onRefused);
      }
    }
  }

  /** Writes those of all submissions; returns their paths in the batch's folder. */
  async ofBatch(batch: GradedBatch): Promise<string[]> {
    const shown = shownBatch(batch, this.#options.policy);
    const written: string[] = [];
    for (const { files } of this.#named("batch")) {
      for (const [name, write] of Object.entries(files)) {
        if (await this.#write(name, (context) => write(shown, context))) written.push(name);
      }
    }
    return written;
  }

  #named<K extends Format["of"]>(of: K): Extract<Format, { of: K }>[] {
    const chosen = this.#options.formats.map((name): Format => FORMATS[name]);
    return chosen.filter((format): format is Extract<Format, { of: K }> => format.of === of);
  }

  async #write(
    path: string,
    write: (context: ReportContext) => string,
    onRefused = this.#options.onNotice,
  ): Promise<boolean> {
    let text: string;
    try {
      text = write(this.#options.context());
    } catch (error) {
      if (!(error instanceof ReportRefused)) throw error;
      onRefused(`${path} was not written: ${error.message}`);
      return false;
    }
    await this.#folder.write(path, text);
    return true;
  }
}

type Format = BatchFormat | SubmissionFormat;
