import fc from "fast-check";
import { type FinalResults, Parser } from "tap-parser";
import { expect, test } from "vitest";
import { tapText } from "./escape.ts";
import {
  batchOf,
  batchSaying,
  checkOf,
  gradedOf,
  HOSTILE,
  HOSTILE_BATCH,
  MIXED,
  PIECES,
} from "./results_for_test.ts";
import { tap } from "./tap.ts";

interface Point {
  ok: boolean;
  name: string;
  todo: string | boolean;
  diag: Record<string, unknown> | null;
}

/** What tap-parser, which node-tap stands on, makes of it; strict: any line that is no TAP is a failure. */
function read(document: string): { results: FinalResults; points: Point[]; children: Point[][] } {
  const parser = new Parser({ strict: true });
  const points: Point[] = [], children: Point[][] = [];
  parser.on("assert", (point) => points.push(point));
  parser.on("child", (child: Parser) => {
    const own: Point[] = [];
    children.push(own);
    child.on("assert", (point) => own.push(point));
  });
  let results: FinalResults | undefined;
  parser.on("complete", (final: FinalResults) => results = final);
  parser.end(document);
  return { results: results!, points, children };
}

test("tap() is ok where all is", () => {
  const { results, points } = read(tap(batchOf([gradedOf("ada", [checkOf("one")])])));
  expect(results).toMatchObject({ ok: true, count: 2, pass: 2, fail: 0, todo: 0, failures: [] });
  expect(points.map(({ name }) => name)).toEqual(["ada", "every check came to a verdict"]);
});

test("tap() has a subtest for each submission, with verdicts, points and feedback to read", () => {
  const { points, children } = read(tap(MIXED));
  expect(children.map((own) => own.length)).toEqual([4, 4, 4]);
  expect(points.map(({ ok }) => ok)).toEqual([true, false, false, false, false, false]);
  const [passed, lost] = children[1]!;
  expect(passed).toMatchObject({ ok: true, name: "one: It does one" });
  expect(lost!.diag).toMatchObject({ verdict: "fail", points: 5, score: 0 });
  expect(lost!.diag!.feedback).toContain("\n  ✗ Other bytes came\n");
});

test("tap() counts no verdict as neither passed nor failed, and fails for it at last", () => {
  const lacking = gradedOf("carol", [checkOf("one"), checkOf("two", { verdict: "inconclusive" })]);
  const { results, points, children } = read(tap(batchOf([lacking])));
  expect(children[0]).toMatchObject([{ ok: true }, {
    ok: false,
    todo: "no verdict (inconclusive)",
  }]);
  expect(points).toMatchObject([
    { ok: false, name: "carol", todo: "1 without a verdict" },
    { ok: false, name: "every check came to a verdict", todo: false },
  ]);
  expect(results).toMatchObject({ ok: false, pass: 0, fail: 2, todo: 1 });
  expect(results.failures.map(({ name }) => name)).toEqual(["every check came to a verdict"]);
});

test("tap() keeps to itself what strangers wrote", () => {
  const { results, points, children } = read(tap(HOSTILE_BATCH));
  const count = HOSTILE_BATCH.submissions.length;
  expect(results.bailout).toBe(false);
  expect(results).toMatchObject({ count: count + 1, plan: { start: 1, end: count + 1 } });
  expect(results.failures.filter(({ tapError }) => tapError)).toEqual([]);
  expect(children.flat().filter(({ ok }) => ok).length).toBe(HOSTILE.length);
  expect(points.slice(0, HOSTILE.length).every(({ ok, todo }) => !ok && !todo)).toBe(true);
  expect(tapText("\nBail out!")).toBe("␊Bail out!");
});

test("tap() is TAP, whatever a name holds", () => {
  fc.assert(fc.property(fc.array(fc.constantFrom(...PIECES)), (pieces) => {
    const { results, children } = read(tap(batchSaying(pieces.join(""))));
    expect(results).toMatchObject({ count: 3, pass: 1, fail: 2, todo: 0, skip: 0 });
    expect(results.failures.filter(({ tapError }) => tapError)).toEqual([]);
    expect(children[0]!.map(({ ok }) => ok)).toEqual([true, false]);
  }));
});
