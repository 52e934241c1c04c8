import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  BatchFolder,
  type Check,
  type CheckResult,
  type Ended,
  type Journal,
  type JournalEntry,
  OPEN,
} from "../src/grade/mod.ts";
import { GradeReport } from "./grade_report.ts";
import { style } from "./output.ts";

let base = "";
beforeEach(() => void (base = Deno.makeTempDirSync({ prefix: "socklab-report-" })));
afterEach(() => {
  vi.useRealTimers();
  Deno.removeSync(base, { recursive: true });
});

const check: Check = {
  ...{ id: "echo", title: "It echoes", points: 5, program: "server", hint: "Send it back" },
  run: () => Promise.resolve(),
};
const entryOf = (name: string): JournalEntry => ({
  ...{ name, path: `/${name}`, file: name, hash: name, rejected: null },
});
const journal: Journal = {
  ...{ v: 1, id: "id", started: "2026-01-01T00:00:00.000Z", lab: "lab1", lab_hash: "x" },
  ...{ versions: { socklab: "0", deno: "0" }, engine: "local", seed: "7", checks: ["echo"] },
  ...{ whole: false, timeout: null, image: null, netem: null, formats: ["json"], policy: OPEN },
  submissions: ["anna", "b\x1b[2J", "carl"].map(entryOf),
};
const [anna, bob, carl] = journal.submissions as [JournalEntry, JournalEntry, JournalEntry];

function ended(entry: JournalEntry, verdict: CheckResult["verdict"]): Ended {
  const { run: _, ...said } = check;
  const score = verdict === "pass" ? 5 : 0;
  const one: CheckResult = {
    ...{ ...said, score, verdict, attempts: 1, seconds: 1, message: null },
    ...{ expected: null, actual: null, steps: [], evidence: null },
  };
  return {
    ...{ entry, name: entry.name, rejected: null, fault: null, kept: false },
    result: {
      ...{ v: 1, lab: "lab1", submission: entry.name, seed: "7", engine: "local", driver: "tun" },
      ...{ versions: journal.versions, score, max_score: 5, started: journal.started, seconds: 1 },
      checks: [one],
    },
  };
}

/** A report, and what it has printed so far. */
function reportOf({ isTerminal = false, json = false } = {}) {
  const said = { out: "", err: "" };
  const folder = BatchFolder.take(`${base}/out`);
  const output = {
    out: (text: string | Uint8Array) => void (said.out += text),
    err: (text: string | Uint8Array) => void (said.err += text),
    ...{ isTerminal, columns: 80, style: style(false), errorStyle: style(false) },
  };
  const report = new GradeReport(output, { checks: [check], folder, journal, jobs: 2 }, {
    json,
  });
  return { report, said, folder };
}

const finish = (report: GradeReport, submissions: Ended[]) =>
  report.finish({
    ...{ lab: "lab1", title: "Echo", seed: "7", started: journal.started, seconds: 2 },
    ...{ submissions, documents: ["results.json"] },
  });

test("elsewhere than on a terminal, each submission is a line, and a table ends it", () => {
  const { report, said, folder } = reportOf();
  for (const entry of [anna, bob, carl]) report.begin(entry);
  const all = [ended(anna, "pass"), ended(bob, "fail"), ended(carl, "error")];
  for (const one of all) report.end(one);
  finish(report, all);
  const [head, ...lines] = said.out.split("\n");
  expect(head).toBe(`Grading 3 submissions of lab1, seed 7, 2 at a time, into ${folder.path}`);
  expect(lines.slice(0, 3)).toEqual([
    "1/3  anna: 5/5",
    "2/3  b␛[2J: 0/5, 1 failed",
    "3/3  carl: 0/5, 1 not judged",
  ]);
  expect(said.out).toMatch(/^✓ anna +5\/5$/m);
  expect(said.out).toMatch(new RegExp(`^${folder.path}/results.json$`, "m"));
  expect(said.err).toBe("");
});

test("on a terminal, what runs is shown, and taken away at the end", () => {
  vi.useFakeTimers();
  const { report, said } = reportOf({ isTerminal: true });
  report.begin(anna);
  report.check(anna, check, 0);
  vi.advanceTimersByTime(250);
  expect(said.out).toContain("0/3 done\x1b[K\n  anna  1/1  It echoes\x1b[K\n");
  report.end(ended(anna, "pass"));
  expect(said.out).not.toContain("anna: 5/5");
  const before = said.out.length;
  finish(report, [ended(anna, "pass")]);
  expect(said.out.slice(before).startsWith("\r\x1b[2A\x1b[J\nlab1, Echo")).toBe(true);
  const all = said.out;
  vi.advanceTimersByTime(1000);
  expect(said.out).toBe(all);
});

test("with --json, the results alone are on standard output", () => {
  const { report, said } = reportOf({ json: true, isTerminal: true });
  report.begin(anna);
  report.notice("A notice");
  report.end(ended(anna, "pass"));
  finish(report, [ended(anna, "pass")]);
  expect(JSON.parse(said.out)).toMatchObject({ v: 1, submissions: [{ name: "anna" }] });
  expect(said.err).toBe("lab: A notice\n");
});

test("why a submission was not graded is told", () => {
  const { report, said } = reportOf();
  report.end({ ...ended(bob, "pass"), result: null, fault: "The link broke" });
  expect(said.err).toBe("lab: b␛[2J was not graded: The link broke\n");
  expect(said.out).toContain("1/3  b␛[2J: not graded\n");
});

test("where it is broken off, the line that goes on is told", () => {
  const { report, said } = reportOf();
  report.end(ended(anna, "pass"));
  report.brokenOff("./lab grade lab1 --resume");
  expect(said.err).toBe("lab: Broken off with 1/3 done; to go on: ./lab grade lab1 --resume\n");
});
