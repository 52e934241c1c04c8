/**
 * The model against a running kernel's netem, packet by packet: copies, damage, marks, why one was dropped; delays to
 * the nanosecond; the order in which all leave.
 */
import { beforeAll, expect, test } from "vitest";
import { describeKernel } from "./rig/describe_kernel.ts";
import { cases } from "./exact/cases.ts";
import { differences } from "./exact/compare.ts";
import { differentTables, record, type Recorded } from "./exact/record.ts";
import type { Case } from "./exact/recording.ts";
import { type Replay, replay } from "./exact/replay.ts";

describeKernel("the model and the kernel", (rig) => {
  let recorded: Recorded;
  beforeAll(async () => {
    recorded = await record(rig(), cases);
  }, 330_000);

  /** What the kernel did in a case, beside what the model says of a case. */
  const replayed = (of: Case, as = of): Replay =>
    replay(as, recorded.recordings[cases.indexOf(of)]!, recorded.tables);

  test("the tables that we compute are those of the kernel's tc", () => {
    expect(differentTables(recorded.tables)).toEqual([]);
  });

  test.each(cases.map((of) => [of.name, of] as const))("agree on %s", (_, of) => {
    const { warmUp = 0, unordered = false } = of;
    expect(differences(replayed(of), { after: warmUp, unordered })).toEqual([]);
  });

  const seeded = cases.filter((of) => of.sendings.length === 1 && draws(of.sendings[0]!.netem));
  test.each(seeded.map((of) => [of.name, of] as const))(
    "would not agree on %s, had the model another seed",
    (_, of) => {
      const { warmUp = 0, unordered = false } = of;
      const [sending] = of.sendings;
      const other = { ...sending!, netem: sending!.netem.replace(/seed .*/, "seed 77") };
      const wrong = replayed(of, { ...of, sendings: [other] });
      expect(differences(wrong, { after: warmUp, unordered })).not.toEqual([]);
    },
  );
});

/** Whether fates hang on the seed. */
function draws(profile: string): boolean {
  return !/(?:loss|duplicate|corrupt) 100%|reorder 100%/.test(profile) &&
    /loss|duplicate|corrupt|reorder|delay \w+ \d|slot distribution/.test(profile);
}
