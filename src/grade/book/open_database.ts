/** Opening the file of a gradebook, beside others that have it open. */
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { reasonOf } from "../../lab/mod.ts";
import { BookError, bookError, isBusy } from "./book_error.ts";
import { migrate } from "./schema.ts";

/** So long others are waited for; each holds the book for milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * Opens the file, which is made where there is none.
 *
 * A write-ahead log: readers and a writer are not in each other's way, and what is committed is there after a power
 * cut (https://sqlite.org/wal.html).
 *
 * @throws {BookError} in one line.
 */
export function openDatabase(path: string): DatabaseSync {
  makeRoom(path);
  let database: DatabaseSync;
  try {
    database = new DatabaseSync(path, { timeout: PATIENCE_MS, enableForeignKeyConstraints: true });
  } catch (cause) {
    // SQLite does not say why.
    const reason = "the file cannot be opened for reading and writing";
    throw new BookError(`Name another gradebook than ${path}: ${reason}`, { cause, fault: "file" });
  }
  try {
    patiently(() => {
      database.prepare("PRAGMA synchronous = FULL").run();
      migrate(database, path);
      database.prepare("PRAGMA journal_mode = WAL").get();
    });
    return database;
  } catch (error) {
    database.close();
    throw bookError(path, error);
  }
}

/** Sees to the folder, and that no folder or device is in the file's place. */
function makeRoom(path: string): void {
  try {
    Deno.mkdirSync(dirname(path), { recursive: true });
    if (Deno.statSync(path).isFile) return;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return;
    throw new BookError(`Name another gradebook than ${path}: ${reasonOf(cause)}`, {
      cause,
      fault: "file",
    });
  }
  throw new BookError(`Name another gradebook than ${path}: it is no file`, { fault: "file" });
}

/** Where two change how the file is written at once, SQLite lets one of them fail without waiting. */
function patiently(what: () => void): void {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return what();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
