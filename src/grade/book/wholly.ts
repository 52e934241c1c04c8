/** Changes of the gradebook that are made as a whole or not at all. */
import type { DatabaseSync } from "node:sqlite";

/** Does it in one transaction, for which other writers are waited for first; returns what it returns. */
export function wholly<T>(database: DatabaseSync, what: () => T): T {
  database.prepare("BEGIN IMMEDIATE").run();
  try {
    const done = what();
    database.prepare("COMMIT").run();
    return done;
  } catch (error) {
    // A full disk may have ended it already.
    if (database.isTransaction) database.prepare("ROLLBACK").run();
    throw error;
  }
}
