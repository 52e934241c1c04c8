import { expect, test } from "vitest";
import { csv } from "../report/csv.ts";
import { runsCsv } from "./csv.ts";
import { runsOf } from "./run_for_test.ts";

test("runsCsv() has a row for each run, and no number where there is none", () => {
  const runs = runsOf(
    { verdicts: { bytes: "pass", port: "fail", size: "fail", late: "error" } },
    { name: "bob", rejected: "Hand in less: big.bin has 2 GB" },
  );
  expect(runsCsv(runs).split("\r\n")).toEqual([
    "submission,outcome,score,max_score,not_judged_points,failed,not_judged,reason,lab,seed,engine,started,seconds,run",
    "alice,graded,10,40,10,port size,late,,lab3,18446744073709551615,local,2026-11-22T00:00:00.000Z,2.5,1",
    "bob,rejected,,,,,,Hand in less: big.bin has 2 GB,lab3,18446744073709551615,,2026-11-22T01:00:00.000Z,,2",
    "",
  ]);
});

test.each([
  ["=HYPERLINK(1)", "'=HYPERLINK(1)"],
  ["@me", "'@me"],
  ["O'Hara", "O'Hara"],
  ['a,"b"', '"a,""b"""'],
])("runsCsv() writes the name %j so that it is one field, and computes nothing", (name, field) => {
  expect(runsCsv(runsOf({ name })).split("\r\n")[1]).toMatch(`${field},graded,`);
});

test("runsCsv() keeps a name with line breaks and escapes on one line", () => {
  expect(runsCsv(runsOf({ name: "a\r\nb,\x1b[2J" })).split("\r\n")).toHaveLength(3);
});

test("runsCsv() has the columns of a batch's own results.csv, but those of its checks", () => {
  const [run] = runsOf({});
  const { lab, seed, started, seconds } = run!;
  const batch = csv({ lab, title: "", seed, started, seconds, submissions: [] });
  expect(runsCsv([])).toBe(batch.replace("\r\n", ",run\r\n"));
});
