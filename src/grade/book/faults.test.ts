/** What is wrong with a gradebook is told in one line, and whatever lies there stays as it is. */
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openBook } from "./book.ts";
import { BookError } from "./book_error.ts";
import { newRun } from "./run_for_test.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = Deno.makeTempDirSync({ prefix: "socklab-book-" });
  path = `${folder}/book.sqlite`;
});
afterEach(() => Deno.removeSync(folder, { recursive: true }));

/** Returns what is thrown when a book is opened, read and written. */
function faultOf(at: string): BookError {
  try {
    using book = openBook(at);
    book.list();
    book.add(newRun({ batch: crypto.randomUUID() }));
  } catch (error) {
    if (error instanceof BookError) return error;
    throw error;
  }
  throw new Error("It could be opened, read and written");
}

/** Makes a database with a statement of each line. */
function database(statements: string) {
  const made = new DatabaseSync(path);
  for (const statement of statements.split("\n")) made.prepare(statement).run();
  made.close();
}

test.each<[string, () => string | void, RegExp]>([
  ["no database", () => Deno.writeTextFileSync(path, "Dear diary\n".repeat(999)), /not a database/],
  ["another program's", () => database("CREATE TABLE history (url)"), /of another program/],
  ["another one's, empty", () => database("PRAGMA application_id = 7"), /of another program/],
  ["a folder", () => Deno.mkdirSync(path), /is no file/],
  ["a device", () => "/dev/null", /is no file/],
  ["a file for a folder", () => (Deno.writeTextFileSync(path, ""), `${path}/book`), /File exists/],
  ["where nothing can be made", () => "/proc/book.sqlite", /cannot be opened/],
  ["a newer version", () => {
    openBook(path)[Symbol.dispose]();
    database("PRAGMA user_version = 99");
  }, /^Update socklab.* of version 99, and those up to 1 are known$/],
  ["one that is damaged", () => {
    openBook(path)[Symbol.dispose]();
    using file = Deno.openSync(path, { write: true });
    file.seekSync(4096, Deno.SeekMode.Start);
    file.writeSync(new Uint8Array(Deno.statSync(path).size - 4096).fill(7));
  }, /^Bring a copy .* back, or move it away: database disk image is malformed$/],
  ["one whose tables somebody has changed", () => {
    openBook(path)[Symbol.dispose]();
    database("DROP TABLE verdicts");
  }, /no such table/],
  ["one whose text somebody has changed", () => {
    using book = openBook(path);
    book.add(newRun());
    database("UPDATE runs SET versions = '{'");
  }, /^Bring a copy .* back/],
])("%s", (_, make, message) => {
  const at = make() ?? path;
  const before = bytesOf(at);
  const { fault, message: line } = faultOf(at);
  expect(line).toMatch(message);
  expect(line).toMatch(/^[A-Z][^\n]+[^.\n]$/);
  expect(line).toContain(at);
  expect(fault).toBe("file");
  expect(bytesOf(at)).toEqual(before);
});

function bytesOf(at: string): Uint8Array | null {
  try {
    return Deno.statSync(at).isFile ? Deno.readFileSync(at) : null;
  } catch {
    return null;
  }
}

// Root may write everywhere by capabilities, and is tried without any.
const WITHOUT = Deno.uid() === 0 ? ["setpriv", "--inh-caps=-all", "--bounding-set=-all"] : [];

test.each<[string, () => void, RegExp]>([
  [
    "in a folder that may not be written, a new one",
    () => Deno.chmodSync(folder, 0o500),
    /^Name another .*: the file cannot be opened for reading and writing$/,
  ],
  [
    "in a folder that may not be written, an old one",
    () => {
      openBook(path)[Symbol.dispose]();
      Deno.chmodSync(folder, 0o500);
    },
    /^Make the gradebook .* and its folder writable: /,
  ],
  [
    "one that may not be written",
    () => {
      openBook(path)[Symbol.dispose]();
      Deno.chmodSync(path, 0o400);
    },
    /^Make the gradebook .* and its folder writable: /,
  ],
])("%s", async (_, make, message) => {
  make();
  const code = `import { openBook } from "${new URL("book.ts", import.meta.url)}";
    import { newRun } from "${new URL("run_for_test.ts", import.meta.url)}";
    try { openBook(Deno.args[0]).add(newRun()); } catch ({ name, message }) {
      console.log(JSON.stringify({ name, message }));
    }`;
  const [command, ...args] = [...WITHOUT, Deno.execPath(), "eval", "--no-config", code, path];
  const { stdout, stderr } = await new Deno.Command(command!, { args }).output();
  Deno.chmodSync(folder, 0o700);
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  expect(err).toBe("");
  expect(JSON.parse(out!)).toEqual({
    name: "BookError",
    message: expect.stringMatching(message),
  });
});

test.runIf(Deno.uid() === 0)("a disk that fills up loses nothing that was entered", async () => {
  const code = `import { openBook } from "${new URL("book.ts", import.meta.url)}";
    import { newRun } from "${new URL("run_for_test.ts", import.meta.url)}";
    let entered = 0;
    try {
      using book = openBook(Deno.args[0]);
      while (entered < 10000 && book.add(newRun({ batch: String(entered) }))) entered++;
    } catch ({ name, fault, message }) {
      using book = openBook(Deno.args[0]);
      console.log(JSON.stringify({ entered, found: book.list().length, name, fault, message }));
    }`;
  const mount = `mount -t tmpfs -o size=512k none "$0" && exec "$@"`;
  const args = ["--mount", "sh", "-c", mount, folder];
  const run = [Deno.execPath(), "eval", "--no-config", code, path];
  const { stdout, stderr } = await new Deno.Command("unshare", { args: [...args, ...run] })
    .output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  expect(err).toBe("");
  const { entered, found, ...error } = JSON.parse(out!);
  expect(entered).toBeGreaterThan(10);
  expect(found).toBe(entered);
  expect(error).toEqual({
    name: "BookError",
    fault: "machine",
    message: expect.stringMatching(/^(?:Make room on|Look at) the disk .*book\.sqlite: /),
  });
});
