import { expect, test } from "vitest";
import { Slots } from "./slots.ts";

test("Slots.take() never gives out a slot that is in use, and grows beyond its first chunk", () => {
  const slots = new Slots(64);
  const taken = new Set<number>();
  for (let i = 0; i < 1000; i++) taken.add(slots.take());
  expect(taken.size).toBe(1000);
  expect(slots.used).toBe(1000);
});

test("Slots.give() makes a slot free again: a steady flow uses no more room than the most at once", () => {
  const slots = new Slots(64);
  const first = slots.views.length;
  for (let i = 0; i < 10_000; i++) {
    const held = [slots.take(), slots.take(), slots.take()];
    held.forEach((slot) => slots.give(slot));
  }
  expect(slots.views.length).toBe(first);
  expect(slots.used).toBe(0);
});

test("each slot has bytes of its own, of the size asked for", () => {
  const slots = new Slots(100);
  const all = Array.from({ length: 600 }, () => slots.take());
  for (const slot of all) {
    expect(slots.views[slot]!.length).toBe(100);
    slots.views[slot]!.fill(slot & 255);
  }
  for (const slot of all) expect(new Set(slots.views[slot])).toEqual(new Set([slot & 255]));
});
