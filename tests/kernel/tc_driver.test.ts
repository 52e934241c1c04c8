/** The tc driver on a kernel with netem: what it tells of packets is what the seed foretells, and what was seen. */
import { beforeAll, expect, test } from "vitest";
import { foretell, parseProfile } from "../../src/netem/mod.ts";
import { ROOT } from "./rig/checkout.ts";
import { describeKernel } from "./rig/describe_kernel.ts";
import type { Outcome } from "./tc_driver/outcome.ts";

describeKernel("the tc driver", (rig) => {
  let outcomes: Record<string, Outcome>;
  beforeAll(async () => {
    outcomes = JSON.parse(
      await rig().run(
        `cd '${ROOT}' && SOCKLAB_STAGE_DRIVER=tc deno run -A tests/kernel/tc_driver/inside.ts`,
        { timeoutMs: 180_000 },
      ),
    );
  }, 200_000);

  /** What the seed says of so many datagrams. */
  const told = (profile: string, count: number) =>
    foretell(parseProfile(profile), { count, intervalUs: 500, frameBytes: 110 });
  const countOf = (digits: string, digit: string) => digits.split(digit).length - 1;

  test("tells of each of 600 datagrams that are all the same what the seed says of it", () => {
    const { copies, corrupted, earliest, ...outcome } = outcomes.alike!;
    const expected = told("delay 8ms 6ms loss 15% duplicate 15% corrupt 10% seed 7", 600);
    expect(copies).toBe(expected.copies);
    expect(corrupted).toEqual(expected.corrupted);
    expect(earliest).toBeGreaterThanOrEqual(2000);
    expect(outcome).toMatchObject({ followed: true, missed: 0, numbers: true, queued: 0 });
    expect(outcome.causes).toEqual(["", "loss"]);
  });

  test("tells which of packets that are all the same have overtaken the others", () => {
    const { copies, reordered, followed, up } = outcomes.overtaking!;
    expect(copies).toBe(told("delay 20ms reorder 25% gap 2 loss 10% seed 9", 400).copies);
    expect(followed).toBe(true);
    expect(up.reordered).toBe(reordered.length);
    expect(reordered.length).toBeGreaterThan(40);
  });

  test("follows two clients that send from two processors as fast as they can", () => {
    const { copies, followed, missed, numbers } = outcomes.race!;
    expect(copies).toBe(told("loss 10% duplicate 5% limit 100000 seed 5", 3000).copies);
    expect({ followed, missed, numbers }).toEqual({ followed: true, missed: 0, numbers: true });
  });

  test("counts the same where nobody reads its events", () => {
    const expected = told("loss 10% duplicate 5% limit 100000 seed 5", 2000).copies;
    expect(outcomes.silent!.up).toMatchObject({
      seen: 2000,
      lost: countOf(expected, "0"),
      duplicated: countOf(expected, "2"),
      delivered: countOf(expected, "1") + 2 * countOf(expected, "2"),
    });
  });

  test("tells which packets a full queue has dropped, and which the end of the run", () => {
    const { up, queued, causes, copies } = outcomes.full!;
    expect(queued).toBe(30);
    expect(causes).toEqual(["end", "limit", "loss"]);
    expect(copies).toBe("0".repeat(100));
    const lost = countOf(told("loss 10% seed 2", 100).copies, "0");
    expect(up).toMatchObject({ seen: 100, delivered: 0, lost: 100, dropped_full: 70 - lost });
  });

  test("tells what it sees where the seed does not foretell it", () => {
    const { followed, copies, up, missed, queued } = outcomes.unforetold!;
    expect(followed).toBe(false);
    expect(missed + queued).toBe(0);
    expect(up.seen).toBe(400);
    expect([...copies].reduce((sum, digit) => sum + Number(digit), 0)).toBe(up.delivered);
    expect(countOf(copies, "0")).toBe(up.lost);
    expect(up.lost).toBeGreaterThan(0);
    expect(up.duplicated).toBeGreaterThan(0);
  });

  test("follows profiles that change during a run, in place and with a fresh netem", () => {
    const { followed, copies, up, missed } = outcomes.changed!;
    expect(copies.slice(0, 100)).toBe(told("delay 2ms loss 30% seed 1", 100).copies);
    expect(copies.slice(200)).toBe(told("delay 5ms 4ms loss 20% seed 3", 100).copies);
    expect(followed).toBe(true);
    expect(missed).toBe(0);
    expect(up.delivered + up.lost).toBe(300);
  });

  test("goes on as before where tc refuses one direction of a change", () => {
    const { followed, copies } = outcomes.refused!;
    expect(copies).toBe(told("loss 30% seed 1", 200).copies);
    expect(followed).toBe(true);
  });
});
