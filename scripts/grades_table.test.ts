import { expect, test } from "vitest";
import type { CheckVerdict, Run } from "../src/grade/mod.ts";
import { comparisonText } from "./grades_compare.ts";
import { gradeNotes } from "./grades_notes.ts";
import { gradesTable, timeText } from "./grades_table.ts";
import type { Style } from "./verb.ts";

const plain = new Proxy({}, { get: () => (text: string) => text }) as Style;
const marked = new Proxy({}, {
  get: (_, colour: string) => (text: string) => `<${colour}>${text}</${colour}>`,
}) as Style;

const check = (id: string, verdict: CheckVerdict["verdict"]): CheckVerdict => ({
  ...{ id, program: "server", points: 10, score: verdict === "pass" ? 10 : 0, verdict },
});

const started = "2026-11-22T10:00:00.000Z";
const alice: Run = {
  ...{ id: 7, batch: "first", lab: "lab3", submission: "alice", outcome: "graded" },
  ...{ hash: "a", lab_hash: "b", seed: "42", versions: { socklab: "0.1.0", deno: "2.9.6" } },
  ...{ whole: true, started, seconds: 2.5, artifacts: null, rejected: null },
  ...{ score: 20, max_score: 20, undecided: 0, engine: "local", driver: "tun", netem: null },
  checks: [check("port", "pass"), check("bytes", "pass")],
};
const bob: Run = {
  ...alice,
  ...{ id: 8, submission: "bob", score: 10, max_score: 40, undecided: 10 },
  checks: [check("port", "fail"), check("bytes", "fail"), check("late", "inconclusive")],
};
const carol: Run = {
  ...alice,
  ...{ id: 9, submission: "carol", outcome: "rejected", rejected: "Hand in less" },
  ...{ score: null, max_score: null, engine: null, driver: null, checks: [] },
};

const table = (runs: Run[], columns = Infinity, style = plain) =>
  gradesTable(runs, { style, columns }).replaceAll(timeText(started), "TIME").split("\n");

test("gradesTable() has a line for each run: score, seed, and what cost points or came to no verdict", () => {
  expect(table([{ ...alice, id: 12, whole: false }, bob, carol])).toEqual([
    expect.stringMatching(/^run +when +lab +submission +score +seed +failed, or not judged$/),
    " 12  TIME  lab3  alice       20/20 in part  42",
    "  8  TIME  lab3  bob                 10/40  42    port, bytes; not judged: late (10 points)",
    "  9  TIME  lab3  carol            rejected  42    Hand in less",
    "",
  ]);
});

test("gradesTable() cuts the last column where a terminal ends, and long names", () => {
  const [, line] = table([{ ...bob, submission: "b".repeat(99) }], 120);
  expect(line).toContain(` ${"b".repeat(39)}…  `);
  expect(line).toMatch(/ 42 {4}port, bytes; not judged: .*…$/);
  expect(line!.replace("TIME", timeText(started))).toHaveLength(120);
});

test("gradesTable() colours scores by what is to be done about them", () => {
  const lines = table([alice, bob, carol], Infinity, marked);
  expect(lines[1]).toContain("<green>20/20</green>");
  expect(lines[2]).toContain("<yellow>10/40</yellow>");
  expect(lines[3]).toContain("<red>rejected</red>");
});

test("gradesTable() and comparisonText() show what is hostile in a name, and do not act on it", () => {
  const name = "a\nb\x1b[2J\u202e\x9b31m";
  const hostile = { ...carol, submission: name, rejected: name };
  const texts = [
    gradesTable([hostile], { style: plain, columns: 80 }),
    comparisonText({
      ...{ compared: 1, once: 0 },
      differences: [{ lab: "lab3", submission: name, before: alice, after: hostile, checks: [] }],
    }, plain),
    gradeNotes([hostile], [hostile]).join("\n"),
  ];
  for (const text of texts) {
    // deno-lint-ignore no-control-regex
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    expect(text).toContain("a␊b␛[2J");
  }
});

test("timeText() is a minute of this machine's clock", () => {
  expect(timeText("2026-11-22T10:00:59.999Z")).toMatch(/^2026-11-2[123] [012]\d:\d\d$/);
  expect(new Date(timeText(started)).getTime()).toBe(new Date(started).getTime());
});

test("comparisonText() tells what came to something else, of which runs, and what they share", () => {
  const before = { ...bob, id: 3, lab_hash: null };
  const netem = { up: "loss 1%", down: "loss 1%" };
  const after = {
    ...bob,
    ...{ id: 8, hash: "c", seed: "7", score: 20, engine: null, driver: null, netem },
  };
  const text = comparisonText({
    ...{ compared: 3, once: 1 },
    differences: [{
      ...{ lab: "lab3", submission: "bob", before, after },
      checks: [
        { id: "port", before: "fail", after: "pass" },
        { id: "new-one", before: null, after: "error" },
      ],
    }],
  }, plain);
  expect(text.replaceAll(timeText(started), "TIME")).toBe(`lab3  bob  10/40 → 20/40
  port     fail → pass
  new-one  not run → error
  run 3, TIME, seed 42, socklab 0.1.0, deno 2.9.6, local engine, driver tun
  run 8, TIME, seed 7, socklab 0.1.0, deno 2.9.6, network 'loss 1%'
  Between them: other files, another seed, another network

The last two runs differ for 1 of 3 submissions; 1 more was graded once
`);
});

test("comparisonText() says so where all came to the same", () => {
  const none = { compared: 1, once: 0, differences: [] };
  expect(comparisonText(none, plain)).toBe("The last two runs of 1 submission came to the same\n");
});

test("gradeNotes() tells who has no final grade, no score, no run of all checks, or two rows", () => {
  const part = { ...alice, submission: "part", whole: false };
  expect(gradeNotes([alice, alice], [alice])).toEqual([]);
  expect(gradeNotes([alice, part, bob, carol], [alice, bob, { ...carol, lab: "lab5" }])).toEqual([
    "Add --lab LAB for a row a student: runs are of lab3, lab5",
    "Grade again: some checks came to no verdict, for bob (lab3)",
    "There is no score where a submission was rejected: carol (lab5)",
    "Left out, since only some checks were ever run: part (lab3)",
  ]);
  const many = Array.from({ length: 7 }, (_, at) => ({ ...bob, submission: `b${at}` }));
  expect(gradeNotes(many, many)).toEqual([
    "Grade again: some checks came to no verdict, for b0 (lab3), b1 (lab3), b2 (lab3), b3 (lab3), b4 (lab3) and 2 more",
  ]);
});
