import { expect, test } from "vitest";
import { entryOf, journalOf } from "./batch_for_test.ts";
import { formatJournal, parseJournal, unlikeEntries, unlikeTerms } from "./journal.ts";

test("a journal is read as it was written", () => {
  const journal = journalOf("anna", "bob");
  expect(parseJournal(formatJournal(journal), "batch.json")).toEqual(journal);
});

test.each(["", "[]", "null", "{}", '{"v":2}', '{"v":1,"lab":"lab1"}'])(
  "%j is no journal",
  (text) => {
    expect(() => parseJournal(text, "x/batch.json")).toThrow(
      /^Give --out another folder: x\/batch.json tells of no batch$/,
    );
  },
);

test("a batch goes on with the terms that it began with, and with those that nobody says", () => {
  const journal = journalOf("anna");
  expect(unlikeTerms(journal, {})).toBeNull();
  expect(unlikeTerms(journal, { ...journal })).toBeNull();
});

test.each([
  ["seed", { seed: "8" }, "seed (7, now 8)"],
  ["network", { netem: { up: "loss 5%", down: "" } }, "network"],
  ["checks", { checks: ["echo"] }, "choice of checks"],
  ["timeout", { timeout: 60 }, "timeout (none, now 60)"],
  ["lab", { lab_hash: "other" }, "version of the lab's checks"],
  ["version", { versions: { socklab: "9", deno: "2" } }, "version of Socklab or Deno"],
])("a batch does not go on with another %s", (_, now, what) => {
  expect(unlikeTerms(journalOf("anna"), now)).toBe(
    `Leave out --resume to grade all anew: the batch began with another ${what}`,
  );
});

test("a batch goes on with the submissions that it began with", () => {
  const journal = journalOf("anna", "bob");
  expect(unlikeEntries(journal, [entryOf("anna"), entryOf("bob")])).toBeNull();
  const [anna, bob] = [entryOf("anna"), entryOf("bob")];
  const line = (why: string) => `Leave out --resume to grade all anew: ${why}`;
  expect(unlikeEntries(journal, [anna])).toBe(line("bob is not there any more"));
  expect(unlikeEntries(journal, [anna, { ...bob, hash: "other" }]))
    .toBe(line("bob has changed since the batch began"));
  expect(unlikeEntries(journal, [anna, bob, entryOf("c\n")]))
    .toBe(line("c␊ was not there when the batch began"));
});
