/** The tables of the gradebook, and how a book of an earlier version gets them. */
import type { DatabaseSync } from "node:sqlite";
import { BookError } from "./book_error.ts";
import { wholly } from "./wholly.ts";

/** What tells a gradebook from other databases: "Slab" in ASCII (https://sqlite.org/pragma.html#pragma_application_id). */
const APPLICATION = 0x536c6162;

/** The statements that lead from each version to the next; a book's version is how many it has seen. Never change one. */
const MIGRATIONS: readonly (readonly string[])[] = [[
  `CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    batch TEXT NOT NULL,
    lab TEXT NOT NULL,
    submission TEXT NOT NULL,
    hash TEXT,
    lab_hash TEXT,
    seed TEXT NOT NULL,
    versions TEXT NOT NULL,
    whole INTEGER NOT NULL CHECK (whole IN (0, 1)),
    started TEXT NOT NULL,
    artifacts TEXT,
    rejected TEXT,
    engine TEXT,
    driver TEXT,
    netem TEXT,
    score INTEGER,
    max_score INTEGER,
    undecided INTEGER NOT NULL,
    seconds REAL NOT NULL,
    -- The last column: what lists runs need not read it.
    result TEXT,
    UNIQUE (batch, submission),
    CHECK ((result IS NULL) <> (rejected IS NULL))
  ) STRICT`,
  `CREATE INDEX runs_of_submissions ON runs (lab, submission, started)`,
  `CREATE TABLE verdicts (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    id TEXT NOT NULL,
    program TEXT NOT NULL,
    points INTEGER NOT NULL,
    score INTEGER NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('pass', 'fail', 'inconclusive', 'error')),
    PRIMARY KEY (run, position)
  ) STRICT, WITHOUT ROWID`,
]];

/**
 * Gives a database the newest tables, as a whole or not at all; an empty one becomes a gradebook.
 *
 * @throws {BookError} where it is another program's database, or of a newer version.
 */
export function migrate(database: DatabaseSync, path: string): void {
  if (versionOf(database, path) === MIGRATIONS.length) return;
  // Whoever comes second waits here, and finds it done.
  wholly(database, () => {
    const statements = [
      ...MIGRATIONS.slice(versionOf(database, path)).flat(),
      `PRAGMA application_id = ${APPLICATION}`,
      `PRAGMA user_version = ${MIGRATIONS.length}`,
    ];
    for (const statement of statements) database.prepare(statement).run();
  });
}

function versionOf(database: DatabaseSync, path: string): number {
  // At one moment: another process may be about to make this book.
  const { application, version, tables } = database.prepare(
    `SELECT application_id AS application, user_version AS version,
      (SELECT count(*) FROM sqlite_schema) AS tables
    FROM pragma_application_id, pragma_user_version`,
  ).get() as Record<"application" | "version" | "tables", number>;
  if (application !== APPLICATION && !(application === 0 && tables === 0)) {
    throw new BookError(
      `Name another gradebook than ${path}: it is a database of another program`,
      { fault: "file" },
    );
  }
  if (version > MIGRATIONS.length) {
    throw new BookError(
      `Update socklab, or name another gradebook than ${path}: it is of version ${version}, and those up to ${MIGRATIONS.length} are known`,
      { fault: "file" },
    );
  }
  return version;
}
