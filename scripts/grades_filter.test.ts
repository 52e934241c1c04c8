import { describe, expect, test } from "vitest";
import { type GradesValues, parseSince, wanted } from "./grades_filter.ts";
import { UsageError } from "./verb.ts";

const NOW = new Date("2026-11-22T12:00:00Z");
const NONE: GradesValues = {
  submission: [],
  latest: false,
  best: false,
  compare: false,
  json: false,
};
const want = (values: Partial<GradesValues>, names: string[] = []) =>
  wanted({ ...NONE, ...values }, names, NOW);

describe("wanted()", () => {
  test.each<[Partial<GradesValues>, string, string, number]>([
    [{}, "all", "text", 50],
    [{ limit: 7 }, "all", "text", 7],
    [{ latest: true }, "latest", "text", Infinity],
    [{ best: true, limit: 7 }, "best", "text", 7],
    [{ json: true }, "all", "json", Infinity],
    [{ format: "json", best: true }, "best", "json", Infinity],
    [{ format: "csv" }, "latest", "csv", Infinity],
    [{ format: "csv", best: true, out: "x.csv" }, "best", "csv", Infinity],
  ])("of %j is the list of %s, as %s, at most %d", (values, pick, format, limit) => {
    expect(want(values)).toEqual({ what: "list", filter: {}, pick, format, limit });
  });

  test("takes names with and without an option, and the other filters", () => {
    const values = { submission: ["bob"], lab: "lab3", since: "2h" };
    expect(want({ ...values, compare: true }, ["alice"])).toEqual({
      what: "comparison",
      filter: { lab: "lab3", submissions: ["alice", "bob"], since: new Date("2026-11-22T10:00Z") },
      format: "text",
    });
  });

  test("takes one run, as text or JSON", () => {
    expect(want({ run: 12 })).toEqual({ what: "run", id: 12, format: "text" });
    expect(want({ run: 12, json: true, out: "x" })).toMatchObject({ format: "json" });
  });

  test.each<[Partial<GradesValues>, string[], RegExp]>([
    [{ latest: true, best: true }, [], /^Leave out --latest: /],
    [{ json: true, format: "csv" }, [], /^Leave out --format csv: /],
    [{ out: "x" }, [], /^Add --format csv, or --format json: /],
    [{ out: "x", compare: true }, [], /^Add --json: /],
    [{ out: "x", run: 3 }, [], /^Add --json: /],
    [{ run: 3, compare: true }, [], /^Leave out --compare: /],
    [{ run: 3, format: "csv" }, [], /^Leave out --format csv: /],
    [{ run: 3, lab: "lab3" }, [], /^Leave out --lab: /],
    [{ run: 3 }, ["alice"], /^Leave out 'alice': /],
    [{ run: 3, submission: ["alice"] }, [], /^Leave out --submission: /],
    [{ compare: true, best: true }, [], /^Leave out --best: /],
    [{ compare: true, limit: 3 }, [], /^Leave out --limit: /],
    [{ compare: true, format: "csv" }, [], /^Leave out --format csv: /],
    [{ since: "soon" }, [], /^Give --since /],
  ])("refuses %j %j", (values, names, message) => {
    expect(() => want(values, names)).toThrow(UsageError);
    expect(() => want(values, names)).toThrow(message);
  });
});

describe("parseSince()", () => {
  test.each([
    ["90m", "2026-11-22T10:30:00Z"],
    ["12h", "2026-11-22T00:00:00Z"],
    ["7d", "2026-11-15T12:00:00Z"],
    ["2w", "2026-11-08T12:00:00Z"],
    ["0m", "2026-11-22T12:00:00Z"],
    ["2026-11-20T14:30Z", "2026-11-20T14:30:00Z"],
    ["2026-11-20 14:30:15.5+02:00", "2026-11-20T12:30:15.500Z"],
  ])("of %j is %s", (text, moment) => {
    expect(parseSince(text, NOW)).toEqual(new Date(moment));
  });

  test("without a zone takes the machine's", () => {
    expect(parseSince("2026-02-28", NOW)).toEqual(new Date(2026, 1, 28));
    expect(parseSince("2026-02-28 14:30", NOW)).toEqual(new Date(2026, 1, 28, 14, 30));
  });

  test.each([
    ...["", "yesterday", "7", "d", "-1d", "1.5h", "9999999d", "2026", "2026-11", "2026-13-01"],
    ...["2026-02-29", "2026-02-31", "2026-11-20T25:00", "2026-11-20T14:30+99:99", "20.11.2026"],
    "2026-11-20T14:30Z; DROP TABLE runs",
  ])("refuses %j", (text) => {
    expect(() => parseSince(text, NOW)).toThrow(/^Give --since a time such as [^\n]*[^.]$/);
  });
});
