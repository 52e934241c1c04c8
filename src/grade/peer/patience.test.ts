import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PatientTimer, TICK_MS, withPatience } from "./patience.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("PatientTimer calls back after so many ticks, unless called off", () => {
  const timer = new PatientTimer(() => 1);
  const ended: string[] = [];
  timer.start(2, () => ended.push("two"));
  timer.start(3, () => ended.push("three"));
  timer.start(2, () => ended.push("off"))();
  vi.advanceTimersByTime(2 * TICK_MS);
  expect(ended).toEqual(["two"]);
  vi.advanceTimersByTime(TICK_MS);
  expect(ended).toEqual(["two", "three"]);
  expect(vi.getTimerCount()).toBe(0);
});

test("PatientTimer counts ticks, not time: a process that gets no processor loses no patience", () => {
  const timer = new PatientTimer(() => 1);
  let ended = false;
  timer.start(60, () => ended = true);
  vi.setSystemTime(Date.now() + 3_600_000);
  vi.advanceTimersByTime(59 * TICK_MS);
  expect(ended).toBe(false);
  vi.advanceTimersByTime(TICK_MS);
  expect(ended).toBe(true);
});

test("PatientTimer counts a part of each tick where programs get a part of a processor", () => {
  let share = 0.25;
  const timer = new PatientTimer(() => share);
  let ended = false;
  timer.start(2, () => ended = true);
  vi.advanceTimersByTime(4 * TICK_MS);
  expect(ended).toBe(false);
  share = 1;
  vi.advanceTimersByTime(TICK_MS);
  expect(ended).toBe(true);
});

test("PatientTimer.limit() shortens waits under way and to come, until it is lifted", () => {
  const timer = new PatientTimer(() => 1);
  const ended: string[] = [];
  timer.start(60, () => ended.push("before"));
  timer.limit(2);
  timer.start(60, () => ended.push("after"));
  vi.advanceTimersByTime(2 * TICK_MS);
  expect(ended).toEqual(["before", "after"]);
  timer.limit(Infinity);
  timer.start(60, () => ended.push("lifted"));
  vi.advanceTimersByTime(59 * TICK_MS);
  expect(ended.length).toBe(2);
});

test("withPatience() settles as the work does, and leaves no timer", async () => {
  await expect(withPatience(Promise.resolve(1), () => 2)).resolves.toBe(1);
  await expect(withPatience(Promise.reject(new Error("no")), () => 2)).rejects.toThrow("no");
  expect(vi.getTimerCount()).toBe(0);
});
