/**
 * A script is followed to the letter: the fates of the packets that it names, and of the others.
 */
import { expect, test, vi } from "vitest";
import { foretell, parseProfile, parseScriptLine } from "../../src/netem/mod.ts";
import { countOf, send, useFates } from "./fates_stage.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 30_000 });
useFates();

test.each(["up", "down"] as const)("%s: a script is followed to the letter", async (direction) => {
  const script = "lose 1,4; duplicate 6; corrupt 7; hold 8 until 9; lose 11-13";
  const { arrived, events } = await send(direction, { profile: "", script }, 14, () => 8);
  expect(arrived.map(({ n }) => n)).toEqual([2, 3, 5, 6, 6, 9, 8, 10, 14]);
  const fates = Object.fromEntries(events.map(({ n, fate, cause }) => [n, [fate, cause]]));
  expect(fates).toMatchObject({
    1: ["lost", "script"],
    2: ["delivered", undefined],
    4: ["lost", "script"],
    6: ["duplicated", "script"],
    8: ["delivered", "script"],
    11: ["lost", "script"],
    12: ["lost", "script"],
    13: ["lost", "script"],
  });
  expect(events.find(({ n }) => n === 7)!.copies).toMatchObject([{ corrupted: true }]);
  const at = (n: number) => events.find((event) => event.n === n)!.copies[0]!.at_us;
  expect(at(8)).toBeGreaterThanOrEqual(at(9));
});

test.each(["up", "down"] as const)(
  "%s: a script's delay holds one packet back by so much, and the others pass it",
  async (direction) => {
    const setting = { profile: "delay 10ms", script: "delay 2 by 400ms" };
    const { arrived, events } = await send(direction, setting, 10, () => 10);
    // By the link's clock: on a busy machine the first may reach its reader late, and the second not.
    expect([arrived[0]!.n, arrived.at(-1)!.n]).toEqual([1, 2]);
    const { t_us, copies } = events.find(({ n }) => n === 2)!;
    expect(copies[0]!.at_us - t_us).toBeGreaterThanOrEqual(410_000);
  },
);

test("a script and a profile go together: the script decides for the packets that it names", async () => {
  const setting = { profile: "loss 30% seed 10", script: "lose 5; duplicate 20" };
  const told = foretell(parseProfile(setting.profile), {
    count: 100,
    intervalUs: 100,
    frameBytes: 106,
    script: parseScriptLine(setting.script),
  });
  const expected = [...told.copies].map(Number);
  expect([expected[4], expected[19]]).toEqual([0, 2]);
  const { arrived } = await send(
    "up",
    setting,
    100,
    (sent) => expected.slice(0, sent).reduce((sum, copies) => sum + copies, 0),
  );
  expect(countOf(arrived.map(({ n }) => n), 100)).toBe(told.copies);
});
