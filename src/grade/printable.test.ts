import fc from "fast-check";
import { expect, test } from "vitest";
import { oneLine, printable } from "./printable.ts";

test("printable() shows control characters as pictures, and what turns or hides text as U+FFFD", () => {
  expect(printable("a\0\x1b[31m\r\x7f")).toBe("a␀␛[31m␍␡");
  expect(printable("\u202eexe\u2066\ufeff\u009b\u2028")).toBe("�exe����");
  expect(printable("\ud800x")).toBe("�x");
});

test("printable() leaves lines, tabs and every script as they are", () => {
  const text = "ß é 東京 नमस्ते می\u200cخواهم 👩\u200d👩\u200d👧 🇫🇷\n\tend";
  expect(printable(text)).toBe(text);
});

test("oneLine() shows ends of lines and tabs too", () => {
  expect(oneLine("a\r\nb\tc")).toBe("a␍␊b␉c");
});

test("every text is well-formed and without control characters afterwards", () => {
  fc.assert(fc.property(fc.uint16Array(), (units) => {
    const text = String.fromCharCode(...units);
    // deno-lint-ignore no-control-regex
    expect(oneLine(text)).not.toMatch(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]/);
    expect(oneLine(text).isWellFormed()).toBe(true);
  }));
});
