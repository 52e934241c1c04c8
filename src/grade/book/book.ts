/** The gradebook: every run ever graded, in one file that several graders may write at once. */
import type { DatabaseSync } from "node:sqlite";
import { pointsOf, undecided } from "../report/mod.ts";
import type { GradeResult } from "../result.ts";
import { bookError } from "./book_error.ts";
import { openDatabase } from "./open_database.ts";
import type { NewRun, Run } from "./run.ts";
import { wholly } from "./wholly.ts";

/** Which runs are listed. */
export interface RunFilter {
  /** Only these, by their numbers in the book. Default: all. */
  ids?: readonly number[];
  /** Only of this lab. Default: of all. */
  lab?: string | undefined;
  /** Only of submissions of these names. Default: of all. */
  submissions?: readonly string[];
  /** Only those that began then or later. Default: since ever. */
  since?: Date | undefined;
}

/** A gradebook that is open. */
export interface Book extends Disposable {
  /**
   * Enters a run, as a whole or not at all; once it returns, the run outlives a power cut.
   *
   * @returns Whether it was new. A second one of the same batch and name changes nothing.
   * @throws {BookError} where it cannot be written; the book is as before.
   */
  add(run: NewRun): boolean;
  /** Returns runs, in the order in which they began. @throws {BookError} where they cannot be read. */
  list(filter?: RunFilter): Run[];
  /** Returns the result of a run, with all feedback; null where it was rejected. @throws {BookError} likewise. */
  result(id: number): GradeResult | null;
}

/**
 * Opens the gradebook at an absolute path; it and its folder are made where they are not there.
 *
 * @throws {BookError} where it cannot be used.
 */
export function openBook(path: string): Book {
  return new FileBook(path, openDatabase(path));
}

/** Likewise, but makes none: null where there is none. */
export function findBook(path: string): Book | null {
  try {
    Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    // What else there is to it, opening says.
  }
  return openBook(path);
}

const LIST = `
  SELECT runs.*, (
    SELECT json_group_array(
      json_object('id', id, 'program', program, 'points', points, 'score', score, 'verdict', verdict)
      ORDER BY position
    ) FROM verdicts WHERE run = runs.id
  ) AS checks
  FROM (
    SELECT id, batch, lab, submission, hash, lab_hash, seed, versions, whole, started, artifacts, rejected, engine, driver, netem,
      score, max_score, undecided, seconds FROM runs
  ) AS runs
  WHERE (:ids IS NULL OR id IN (SELECT value FROM json_each(:ids)))
    AND (:lab IS NULL OR lab = :lab)
    AND (:submissions IS NULL OR submission IN (SELECT value FROM json_each(:submissions)))
    AND (:since IS NULL OR started >= :since)
  ORDER BY started, id`;

const ADD = `
  INSERT INTO runs (batch, lab, submission, hash, lab_hash, seed, versions, whole, started, artifacts, rejected, engine, driver,
    netem, score, max_score, undecided, seconds, result)
  VALUES (:batch, :lab, :submission, :hash, :lab_hash, :seed, :versions, :whole, :started, :artifacts, :rejected, :engine, :driver,
    :netem, :score, :max_score, :undecided, :seconds, :result)
  ON CONFLICT (batch, submission) DO NOTHING`;

const ADD_VERDICT = `
  INSERT INTO verdicts (run, position, id, program, points, score, verdict)
  VALUES (:run, :position, :id, :program, :points, :score, :verdict)`;

class FileBook implements Book {
  readonly #path: string;
  readonly #database: DatabaseSync;

  constructor(path: string, database: DatabaseSync) {
    this.#path = path;
    this.#database = database;
  }

  add(run: NewRun): boolean {
    return this.#told(() => wholly(this.#database, () => this.#insert(run)));
  }

  #insert(run: NewRun): boolean {
    const { result } = run;
    const checks = result?.checks ?? [];
    const { changes, lastInsertRowid } = this.#database.prepare(ADD).run({
      batch: run.batch,
      lab: run.lab,
      submission: run.name,
      hash: run.hash,
      lab_hash: run.lab_hash,
      seed: run.seed,
      versions: JSON.stringify(run.versions),
      whole: Number(run.whole),
      // Times of one form are in the order of their letters.
      started: new Date(run.started).toISOString(),
      artifacts: run.artifacts,
      rejected: run.rejected,
      engine: result?.engine ?? null,
      driver: result?.driver ?? null,
      netem: result?.netem === undefined ? null : JSON.stringify(result.netem),
      score: result?.score ?? null,
      max_score: result?.max_score ?? null,
      undecided: pointsOf(undecided(checks)),
      seconds: result?.seconds ?? 0,
      result: result === null ? null : JSON.stringify(result),
    });
    if (changes === 0) return false;
    const verdict = this.#database.prepare(ADD_VERDICT);
    for (const [position, check] of checks.entries()) {
      const { id, program, points, score } = check;
      verdict.run({
        run: lastInsertRowid,
        position,
        id,
        program,
        points,
        score,
        verdict: check.verdict,
      });
    }
    return true;
  }

  list({ ids, lab, submissions, since }: RunFilter = {}): Run[] {
    const listed = (values?: readonly unknown[]) =>
      values === undefined ? null : JSON.stringify(values);
    return this.#told(() =>
      this.#database.prepare(LIST).all({
        ids: listed(ids),
        lab: lab ?? null,
        submissions: listed(submissions),
        since: since?.toISOString() ?? null,
      }).map((row) => runOf(row as unknown as Row))
    );
  }

  result(id: number): GradeResult | null {
    return this.#told(() => {
      const row = this.#database.prepare("SELECT result FROM runs WHERE id = ?").get(id);
      const text = (row?.result ?? null) as string | null;
      return text === null ? null : JSON.parse(text) as GradeResult;
    });
  }

  /** What fails is told as the book's user needs it. */
  #told<T>(what: () => T): T {
    try {
      return what();
    } catch (error) {
      throw bookError(this.#path, error);
    }
  }

  [Symbol.dispose](): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

/** A row of the table: what it has no type for is text. */
type Row = Omit<Run, "versions" | "whole" | "netem" | "checks" | "outcome"> & {
  versions: string;
  whole: number;
  netem: string | null;
  checks: string;
};

function runOf(row: Row): Run {
  return {
    ...row,
    outcome: row.rejected === null ? "graded" : "rejected",
    versions: JSON.parse(row.versions),
    whole: row.whole === 1,
    netem: row.netem === null ? null : JSON.parse(row.netem),
    checks: JSON.parse(row.checks),
  };
}
