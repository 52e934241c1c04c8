import { expect, test } from "vitest";
import { Latest } from "./latest.ts";

test("Latest makes one at a time, and the last of what is so", async () => {
  const made: number[] = [];
  let now = 0, making = 0;
  const latest = new Latest(async () => {
    expect(++making).toBe(1);
    const taken = now;
    await Promise.resolve();
    made.push(taken);
    making--;
  });
  for (now = 1; now <= 100; now++) latest.changed();
  now = 100;
  await latest.made();
  expect(made).toEqual([1, 100]);
  latest.changed();
  await latest.made();
  expect(made).toEqual([1, 100, 100]);
});

test("Latest that has never changed is not made", async () => {
  await new Latest(() => Promise.reject(new Error("made"))).made();
});

test("what making it throws is thrown to who waits, and it is not made again", async () => {
  let count = 0;
  const latest = new Latest(() => Promise.reject(new Error(`no ${++count}`)));
  latest.changed();
  await expect(latest.made()).rejects.toThrow("no 1");
  latest.changed();
  await expect(latest.made()).rejects.toThrow("no 1");
});
