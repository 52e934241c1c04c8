import { expect, test } from "vitest";
import { TapTimes } from "./tap_times.ts";

const ms = 1e6, hour = 3600e9;

/** Times held at made-up moments. */
function taps() {
  let now = 0;
  const times = new TapTimes(() => now);
  return {
    look(at: number) {
      now = at;
      times.look();
    },
    held(time: number, at = now) {
      now = at;
      return times.held(time);
    },
  };
}

test("times between two looks are as the tap told them", () => {
  const { look, held } = taps();
  look(1000 * ms);
  look(1001 * ms);
  expect(held(1000.5 * ms)).toBe(1000.5 * ms);
  expect(held(1001.2 * ms, 1001.3 * ms)).toBe(1001.2 * ms);
  // Its processor was taken away between the tap's clock and the ring.
  expect(held(995 * ms)).toBe(995 * ms);
});

test("a clock that was set back or forth moves no frame out of the time in which it came", () => {
  const { look, held } = taps();
  look(1000 * ms);
  look(1001 * ms);
  expect(held(1000.5 * ms + hour, 1002 * ms)).toBe(1002 * ms);
  expect(held(1000.5 * ms - hour)).toBe(1000 * ms);
  look(1003 * ms);
  expect(held(1002.5 * ms)).toBe(1002.5 * ms);
});
