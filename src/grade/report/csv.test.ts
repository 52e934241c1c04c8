import { parse } from "@std/csv/parse";
import fc from "fast-check";
import { expect, test } from "vitest";
import { oneLine } from "../printable.ts";
import { csv } from "./csv.ts";
import { batchSaying, HOSTILE_BATCH, MIXED, PIECES } from "./results_for_test.ts";

/** Rows by their columns, as a reader of RFC 4180 has them. */
function read(document: string): Record<string, string>[] {
  const [head = [], ...rows] = parse(document);
  return rows.map((row) => Object.fromEntries(row.map((field, index) => [head[index], field])));
}

test("csv() has a row for each submission, with the score of each check", () => {
  const rows = read(csv(MIXED));
  expect(rows.map(({ submission, outcome, score }) => [submission, outcome, score])).toEqual([
    ["ada", "graded", "20"],
    ["bob", "graded", "5"],
    ["carol", "graded", "5"],
    ["dave", "rejected", ""],
    ["erin", "unfinished", ""],
  ]);
  expect(rows[1]).toMatchObject({ failed: "two three four", one: "5", two: "0", max_score: "20" });
  expect(rows[3]).toMatchObject({ reason: "Write valid JSON in submission.json", seed: "7" });
});

test("csv() has no number where there is no verdict", () => {
  expect(read(csv(MIXED))[2]).toMatchObject({
    ...{ one: "5", two: "0", three: "", four: "" },
    ...{ max_score: "17", not_judged: "three four", not_judged_points: "7" },
  });
});

test("csv() keeps names and reasons in their cells, and none of them is a formula", () => {
  const document = csv(HOSTILE_BATCH);
  const rows = read(document);
  expect(document.split("\r\n").length).toBe(rows.length + 2);
  const { submissions } = HOSTILE_BATCH;
  expect(rows.map(({ submission = "" }) => submission.replace(/^'/, "")))
    .toEqual(submissions.map(({ name }) => oneLine(name).replace(/^'/, "")));
  for (const cell of rows.flatMap((row) => Object.values(row))) {
    expect(cell).not.toMatch(/^\s*[=+@-]/);
  }
});

test("csv() has as many fields in each row, whatever a name holds", () => {
  fc.assert(fc.property(fc.array(fc.constantFrom(...PIECES)), (pieces) => {
    const rows = parse(csv(batchSaying(pieces.join(""))));
    expect(rows.map(({ length }) => length)).toEqual(Array(3).fill(rows[0]!.length));
  }));
});
