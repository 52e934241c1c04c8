import { expect, test } from "vitest";
import { ConsoleTail } from "./console_tail.ts";

test("ConsoleTail tells when words have come, in however many pieces", async () => {
  const tail = new ConsoleTail();
  const shown = tail.shown("rig: ready");
  tail.add("starting\r\nrig: re");
  tail.add("ady\r\n");
  await shown;
  await tail.shown("rig: ready");
  expect(tail.lines()).toEqual(["starting", "rig: ready"]);
});

test("ConsoleTail shows a panic from its first line on", () => {
  const tail = new ConsoleTail();
  const calls = Array.from({ length: 60 }, (_, i) => `[    2.5] call ${i}`);
  tail.add(["[    1.0] all well", "[    2.4] Oops: double fault: 0000", ...calls].join("\n"));
  expect(tail.lines(3)).toEqual([
    "[    2.4] Oops: double fault: 0000",
    "[    2.5] call 0",
    "[    2.5] call 1",
  ]);
});
