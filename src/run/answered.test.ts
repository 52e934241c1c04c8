import { expect, test } from "vitest";
import { countAnswered } from "./answered.ts";

test("countAnswered() counts each answer for one line, wherever it stands in what was printed", () => {
  const printed = "> [Sat Nov 21 17:16:58 2026] hello\n> [Sat Nov 21 17:16:59 2026] hello\n> ";
  expect(countAnswered(["hello", "hello"], printed)).toBe(2);
  expect(countAnswered(["hello", "hello", "hello"], printed)).toBe(2);
  expect(countAnswered(["lost", "hello"], printed)).toBe(1);
  expect(countAnswered([], printed)).toBe(0);
});
