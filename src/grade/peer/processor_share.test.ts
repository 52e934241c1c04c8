import { expect, test } from "vitest";
import { processorShare, shareOf } from "./processor_share.ts";

test.each([
  ["0.00 0.01 0.05 1/812 4711\n", 2, 1],
  ["0.00 0.01 0.05 2/812 4711\n", 2, 1],
  ["9.12 7.01 3.05 8/812 4711\n", 2, 0.25],
  ["9.12 7.01 3.05 400/812 4711\n", 2, 0.1],
  ["0.00 0.00 0.00 0/0 0\n", 2, 1],
  ["nothing of the kind\n", 2, 1],
])("shareOf(%j, %i processors) is %d", (loadavg, processors, share) => {
  expect(shareOf(loadavg, processors)).toBe(share);
});

test("processorShare() reads what this system says", () => {
  expect(processorShare()).toBeGreaterThanOrEqual(0.1);
  expect(processorShare()).toBeLessThanOrEqual(1);
});
