import { afterEach, beforeEach, expect, test } from "vitest";
import { BatchFolder } from "./batch_folder.ts";
import { CHECKS, entryOf, journalOf, resultOf } from "./batch_for_test.ts";

let base = "";
beforeEach(() => void (base = Deno.makeTempDirSync({ prefix: "socklab-batch-" })));
afterEach(() => Deno.removeSync(base, { recursive: true }));

test("a folder has no journal until a batch has begun in it, and then that one", async () => {
  const journal = journalOf("anna");
  using folder = BatchFolder.take(`${base}/a/b`);
  expect(folder.journal()).toBeNull();
  await folder.begin(journal);
  expect(folder.journal()).toEqual(journal);
});

test("a folder is one grader's at a time", () => {
  const first = BatchFolder.take(base);
  expect(() => BatchFolder.take(base)).toThrow(/^Wait, or give --out another folder: /);
  first[Symbol.dispose]();
  BatchFolder.take(base)[Symbol.dispose]();
});

test.each(["a file in the way", "no folder can be made"])("%s is one line", (what) => {
  const path = what.startsWith("a file") ? `${base}/file/out` : "/proc/no/such";
  Deno.writeTextFileSync(`${base}/file`, "");
  expect(() => BatchFolder.take(path)).toThrow(
    /^Give --out a folder that you can write, not [^\n]+$/,
  );
});

test("results are kept whole, and are those of the journal alone", async () => {
  const journal = journalOf("anna");
  const [entry] = journal.submissions;
  using folder = BatchFolder.take(base);
  await folder.begin(journal);
  expect(folder.result(journal, entry!, CHECKS)).toBeNull();
  const result = resultOf(journal, entry!);
  await folder.keep(entry!, result);
  expect(folder.result(journal, entry!, CHECKS)).toEqual(result);
  expect(folder.result({ ...journal, seed: "8" }, entry!, CHECKS)).toBeNull();
  expect(folder.result(journal, entry!, CHECKS.slice(1))).toBeNull();
  expect(folder.result(journal, { ...entry!, hash: "other" }, CHECKS)).toBeNull();
  expect(folder.result(journal, entryOf("bob"), CHECKS)).toBeNull();
});

test.each(["", "{", "null", "[]", "{}"])("%j is no result", async (text) => {
  const journal = journalOf("anna");
  using folder = BatchFolder.take(base);
  await folder.begin(journal);
  await folder.write("submissions/anna/result.json", text);
  expect(folder.result(journal, journal.submissions[0]!, CHECKS)).toBeNull();
});
