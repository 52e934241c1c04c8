import { expect, test } from "vitest";
import { parseBusy } from "./machine_time.ts";

test("parseBusy() adds up what all processors did, idle and stolen time apart", () => {
  const text = "cpu  100 20 300 9999 888 4 76 555 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\nctxt 5\n";
  expect(parseBusy(text)).toBe(5);
});
