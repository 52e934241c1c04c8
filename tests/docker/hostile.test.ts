/**
 * Submissions that mean harm, graded by `./lab grade` between honest ones: each gets its honest verdict in bounded time,
 * and afterwards all is as it was. A few for each threat; all of them with `--soak`.
 */
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import {
  clockOffset,
  engineLeftovers,
  freeBytes,
  hostState,
  strayProcesses,
} from "../grade/host_state.ts";
import { type GradedOne, HostileStage } from "../grade/hostile_stage.ts";
import { type Hostile, hostileSubmissions } from "../grade/hostile_submissions.ts";
import { until } from "../link/poll.ts";
import { describeDocker } from "./engine.ts";

const all = hostileSubmissions();
const chosen = all.filter(({ sample }) => sample === true || Deno.env.get("LAB_SOAK"));
/** Those that meet the same checks are graded in one batch; what is rejected meets none. */
const COMMON = ["every-byte", "uppercase"];
const batches = Map.groupBy(
  chosen,
  ({ lab, verdicts, rejected }) =>
    [lab, ...rejected === undefined ? Object.keys(verdicts).sort() : COMMON].join(" "),
);

/** Milliseconds for a batch: far from what it takes. */
const patience = 900_000;
const MINUTE = 60_000;
const GIGABYTE = 2 ** 30;

test("each threat is tried in every run", () => {
  const tried = new Set(all.filter(({ sample }) => sample).map(({ threat }) => threat));
  expect([...tried].sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
});

describeDocker("hostile submissions", () => {
  test.for([...batches])("%s", { timeout: patience }, async ([met, hostile]) => {
    const [lab, ...checks] = met.split(" ");
    await using stage = new HostileStage(lab!, checks, hostile);
    let before = await measure(stage);
    await until(
      async () => [before, before = await measure(stage)],
      ([one, other]) => isDeepStrictEqual(one!.same, other!.same),
      MINUTE,
    );

    const { out, err, status } = await stage.grade("tap", "junit", "markdown", "csv");

    expect({ status, out }).toEqual({ status: statusOf(hostile), out: expect.any(String) });
    const outcomes = stage.outcomes();
    for (const name of stage.neighbours) {
      const { score, max_score } = outcomes.get(name)!.result!;
      expect({ name, score }).toEqual({ name, score: max_score });
    }
    for (const [one, name] of stage.names) expectHonest(one, outcomes.get(name)!);
    expectPlain(out + err);
    expectCounted(stage, [...outcomes.values()]);

    await stage.clean(MINUTE);
    await until(strayProcesses, (found) => found.length === 0, MINUTE);
    let after = await measure(stage);
    // What others start meanwhile has an engine lay out its rules anew: for a moment one is there twice, or not at all.
    await until(
      async () => after = await measure(stage),
      ({ same }) => isDeepStrictEqual(same, before.same),
      MINUTE,
    ).catch(() => {});
    expect(after.same).toEqual(before.same);
    expect(Math.abs(after.clock - before.clock)).toBeLessThan(1000);
    expect(before.free - after.free).toBeLessThan(2 * GIGABYTE);
    const { left } = before;
    await until(
      engineLeftovers,
      (files) => files.every((file) => left.includes(file)),
      MINUTE,
    );
  });
});

/** What is to be the same afterwards, and figures that others change a little meanwhile. */
async function measure(stage: HostileStage) {
  return {
    same: [...stage.untouchable(), ...await hostState()],
    clock: clockOffset(),
    free: await freeBytes(),
    left: await engineLeftovers(),
  };
}

function statusOf(hostile: readonly Hostile[]): number {
  if (hostile.some(({ rejected }) => rejected !== undefined)) return 2;
  return hostile.some(({ verdicts }) => Object.values(verdicts).includes("fail")) ? 1 : 0;
}

/** Holds what a submission came to against what it is worth. */
function expectHonest(hostile: Hostile, { rejected, result }: GradedOne): void {
  const { id, verdicts, messages = {}, ended = {} } = hostile;
  if (hostile.rejected !== undefined) {
    expect({ id, rejected }).toEqual({ id, rejected: expect.stringContaining(hostile.rejected) });
    return;
  }
  const { checks } = result!;
  const came = Object.fromEntries(checks.map(({ id, verdict }) => [id, verdict]));
  expect({ id, ...came }, JSON.stringify(checks)).toEqual({ id, ...verdicts });
  for (const check of checks) {
    expect({ id, message: check.message ?? "" })
      .toEqual({ id, message: expect.stringContaining(messages[check.id] ?? "") });
    expect({ id, ended: check.evidence?.ended ?? "" })
      .toEqual({ id, ended: expect.stringContaining(ended[check.id] ?? "") });
    expect(check.seconds, id).toBeLessThan(hostile.seconds);
  }
}

/** Nothing in it is a command to who reads it: to a terminal, or to a runner of workflows. */
function expectPlain(text: string): void {
  // deno-lint-ignore no-control-regex
  expect(text).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]|^\s*::|##\[/m);
}

/** Holds what readers of TAP and JUnit count against the results. */
function expectCounted(stage: HostileStage, graded: readonly GradedOne[]): void {
  const verdicts = graded.flatMap(({ result }) => result?.checks ?? []).map(({ verdict }) =>
    verdict
  );
  const points = stage.read("results.tap").match(/^ {4}ok \d/gm) ?? [];
  expect(points).toHaveLength(verdicts.filter((verdict) => verdict === "pass").length);
  // One that was rejected is a failure of its own there.
  const lost = verdicts.filter((verdict) => verdict === "fail").length +
    graded.filter(({ rejected }) => rejected !== null).length;
  const failures = stage.read("junit.xml").match(/<failure[ >]/g) ?? [];
  expect(failures).toHaveLength(lost);
}
