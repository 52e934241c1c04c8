import { expect, test } from "vitest";
import type { Ended, GradeResult, JournalEntry } from "../src/grade/mod.ts";
import { Progress } from "./grade_progress.ts";

const entry = (name: string): JournalEntry => ({
  ...{ name, path: `/${name}`, file: name, hash: name, rejected: null },
});
const ended = (one: JournalEntry, facts: Partial<Ended>): Ended => ({
  ...{ entry: one, name: one.name, result: null, rejected: null, fault: null, kept: false },
  ...facts,
});
const lost = { checks: [{ verdict: "fail" }] } as unknown as GradeResult;
const [anna, bob, carl] = ["anna", "bob\n", "carl"].map(entry) as [
  JournalEntry,
  JournalEntry,
  JournalEntry,
];

test("Progress tells how many have ended and how, which run, and how long it may take still", () => {
  const progress = new Progress({ submissions: 6, checks: 20 });
  progress.begin(anna, 5);
  expect(progress.lines(0)).toEqual(["0/6 done", "  anna  0/5"]);
  progress.begin(bob, 5);
  progress.check(bob, { title: "It echoes" }, 1);
  progress.result();
  progress.end(ended(anna, { result: lost }));
  expect(progress.lines(3_000)).toEqual([
    "1/6 done, 1 with points lost, about 57 s left",
    "  bob␊  2/5  It echoes",
  ]);
  progress.end(ended(bob, { rejected: "Hand in a folder" }));
  progress.end(ended(carl, { fault: "The link broke" }));
  expect(progress.lines(60_000)).toEqual([
    "3/6 done, 1 with points lost, 1 rejected, 1 not judged, about 19 min left",
  ]);
});

test("Progress shows a few of many that run", () => {
  const progress = new Progress({ submissions: 60, checks: 600 });
  for (let n = 1; n <= 20; n++) progress.begin(entry(`s${n}`), 10);
  const lines = progress.lines(0);
  expect(lines).toHaveLength(10);
  expect(lines.at(-1)).toBe("  and 12 more");
});

test("Progress of checks that run twice never promises an end before now", () => {
  const progress = new Progress({ submissions: 1, checks: 2 });
  progress.begin(anna, 2);
  for (let n = 0; n < 5; n++) progress.result();
  expect(progress.lines(1000)[0]).toBe("0/1 done, about 0 s left");
});
