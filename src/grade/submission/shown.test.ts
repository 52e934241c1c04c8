import { expect, test } from "vitest";
import { shown } from "./shown.ts";

test.each([
  ["my lab/server.ts", "my lab/server.ts"],
  ["Müller ✓", "Müller ✓"],
  ["a\nb\r\tc", "a␊b␍␉c"],
  ["\x1b[31mred\x7f", "␛[31mred␡"],
  ["a\u202eb\u2066\u0085\u2028", "a�b���"],
  ["\ud800", "�"],
])("shown(%j) is %j", (name, line) => {
  expect(shown(name)).toBe(line);
});

test("shown() leaves out the middle of a long name, and never half a character", () => {
  expect(shown("a".repeat(100) + "b".repeat(100))).toBe("a".repeat(60) + "…" + "b".repeat(60));
  expect(shown("a" + "😀".repeat(200)).isWellFormed()).toBe(true);
});
