import { expect, test, vi } from "vitest";
import type { Check, CheckResult, GradeResult } from "../src/grade/mod.ts";
import { CheckReport, secondsLeft } from "./check_report.ts";
import { style } from "./output.ts";
import type { Output } from "./verb.ts";

const check = (id: string, program = "server"): Check => ({
  ...{ id, title: `It does ${id}`, points: 5, program, hint: `Do ${id}` },
  run: () => Promise.resolve(),
});
const result = (one: Check, verdict: CheckResult["verdict"], attempts = 1): CheckResult => {
  const { run: _, ...said } = one;
  return {
    ...said,
    ...{ score: verdict === "pass" ? 5 : 0, verdict, attempts, seconds: 0.1 },
    ...{ message: verdict === "pass" ? null : `Not ${one.id}`, expected: null, actual: null },
    ...{ steps: [], evidence: null },
  };
};
const whole = (checks: CheckResult[]): GradeResult => ({
  ...{ v: 1, lab: "lab3", submission: "/mine", seed: "7", engine: "local", driver: "tun" },
  versions: { socklab: "0", deno: "0" },
  score: checks.reduce((sum, { score }) => sum + score, 0),
  max_score: checks.reduce((sum, { points }) => sum + points, 0),
  ...{ started: "2026-11-21T07:30:12.000Z", seconds: 1.25, checks },
});

/** A report of these checks, and what it has printed so far. */
function reportOf(
  checks: readonly Check[],
  { isTerminal = false, json = false, all = false } = {},
): { report: CheckReport; text: () => string } {
  let text = "";
  const print = (more: string) => text += more;
  const styles = { style: style(false), errorStyle: style(false) };
  const output: Output = { out: print, err: print, isTerminal, columns: 40, ...styles };
  const lab = { id: "lab3", title: "UDP uppercase" } as never;
  const report = new CheckReport(output, { lab, checks, values: { json, all }, seed: 7n });
  return { report, text: () => text };
}

/** What a report of these results prints, to a terminal or not. */
function printed(results: readonly CheckResult[], options = {}): string {
  const checks = results.map(({ id, program }) => check(id, program));
  const { report, text } = reportOf(checks, options);
  for (const [index, one] of results.entries()) {
    report.begin(checks[index]!, index);
    report.result(one);
  }
  report.end(whole([...results]));
  return text();
}

test("CheckReport counts a single point as one", () => {
  const one = { ...check("one"), points: 1 };
  const text = printed([{ ...result(one, "fail"), points: 1 }]);
  expect(text).toContain("It does one (0 of 1 point)\n");
  expect(text).toMatch(/^0 of 1 point in/m);
});

test("CheckReport prints a line a check, and the score of each program and in all", () => {
  const text = printed([
    result(check("one"), "pass"),
    result(check("two", "client"), "pass"),
  ]);
  expect(text).toBe(`lab3, UDP uppercase: 2 checks, seed 7

✓   5/5   It does one (one)
✓   5/5   It does two (two)

server: 5 of 5 points
client: 5 of 5 points
10 of 10 points in 1.3 s
`);
});

test("CheckReport gives feedback of three failed checks, or of all that are asked for", () => {
  const failed = ["a", "b", "c", "d", "e"].map((id) => result(check(id), "fail"));
  const few = printed(failed), all = printed(failed, { all: true });
  expect(few.match(/^ {2}Hint: /gm)?.length).toBe(3);
  expect(few).toMatch(/^2 more checks did not pass: --all /m);
  expect(all.match(/^ {2}Hint: /gm)?.length).toBe(5);
  expect(all).not.toContain("--all");
});

test("CheckReport tells once which file is missing, beside feedback of what ran", () => {
  const missing = ["a", "b"].map((id) => ({
    ...result(check(id, "client"), "fail", 0),
    message: "Add client.ts",
  }));
  const text = printed([...missing, result(check("c"), "fail")]);
  expect(text.match(/^! Add client\.ts$/gm)?.length).toBe(1);
  expect(text.match(/^ {2}Hint: /gm)?.length).toBe(1);
});

test("CheckReport marks what could not be judged, without points", () => {
  const text = printed([result(check("a"), "inconclusive"), result(check("b"), "error")]);
  expect(text).toMatch(/^\? inconclusive It does a \(a\)$/m);
  expect(text).toMatch(/^! error {3}It does b \(b\)$/m);
  expect(text).not.toContain("Hint");
  expect(text).toMatch(/^2 checks were not judged, of 10 points: run again\n0 of 10 points/m);
});

test("CheckReport shows on a terminal which check runs, within its columns, and takes that away", () => {
  const text = printed([
    result(check("one-with-a-long-name-that-does-not-fit"), "pass"),
    result(check("two"), "pass"),
  ], { isTerminal: true });
  const lines = text.match(/ {2}\d\/2[^\r]*/g)!;
  expect(lines[0]).toMatch(/^ {2}1\/2: It does one-with-a-long-name-t.*…$/);
  expect(lines.every((line) => line.length < 40)).toBe(true);
  expect(lines[1]).toMatch(/^ {2}2\/2, about \d s left: It does two$/);
  expect(text.split("\r\x1b[K").length - 1).toBe(2);
});

test("CheckReport prints with --json the result alone", () => {
  const one = result(check("one"), "pass");
  expect(JSON.parse(printed([one], { json: true, isTerminal: true }))).toEqual(whole([one]));
});

test("secondsLeft() goes by what the checks before took", () => {
  expect(secondsLeft(0, 0, 10)).toBe(null);
  expect(secondsLeft(4000, 2, 10)).toBe(16);
  expect(secondsLeft(4000, 10, 10)).toBe(0);
});

test("CheckReport goes on with its line of progress below a notice", () => {
  vi.useFakeTimers();
  try {
    const one = check("one");
    const { report, text } = reportOf([one], { isTerminal: true });
    report.begin(one, 0);
    report.notice("On the local engine");
    const noticed = text();
    vi.advanceTimersByTime(1_000);
    expect(text().slice(noticed.length)).toBe("  1/1: It does one");
    report.clear();
    const cleared = text();
    vi.advanceTimersByTime(1_000);
    expect(text()).toBe(cleared);
  } finally {
    vi.useRealTimers();
  }
});
