import { expect, test } from "vitest";
import { bytesLines, cell, excerpts } from "./bytes_view.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const lines = (expected: Uint8Array, actual: Uint8Array) => {
  const both = excerpts(expected, actual);
  return bytesLines(both.expected, both.actual);
};

test("bytesLines() sets a caret under the first byte that differs", () => {
  expect(lines(utf8("HELLO\n"), utf8("HELlo\n"))).toEqual([
    "expected  HELLO\\n   6 bytes",
    "came      HELlo\\n   6 bytes",
    "             ^ byte 4",
  ]);
});

test("bytesLines() shows each row as its bytes are, whatever the widths of their texts", () => {
  expect(lines(Uint8Array.of(0x41, 0xff, 0x42), Uint8Array.of(0x41, 0x3f, 0x43))).toEqual([
    "expected  A\\xffB   3 bytes",
    "came      A?C      3 bytes",
    "           ^ byte 2",
  ]);
  expect(lines(utf8("hel\n"), utf8("hello"))).toEqual([
    "expected  hel\\n   4 bytes",
    "came      hello   5 bytes",
    "             ^ byte 4",
  ]);
});

test("bytesLines() points behind the end of what is too short", () => {
  expect(lines(utf8("hello"), utf8("hel"))).toEqual([
    "expected  hello   5 bytes",
    "came      hel     3 bytes",
    "             ^ byte 4",
  ]);
});

test("bytesLines() says where nothing came", () => {
  expect(lines(utf8("hello"), utf8(""))).toEqual([
    "expected  hello   5 bytes",
    "came      (nothing)",
  ]);
});

test("bytesLines() shows what is long around the difference only", () => {
  const expected = utf8("abcdefghij".repeat(1000));
  const actual = expected.with(5000, 0x58);
  const [wanted, came, caret] = lines(expected, actual);
  expect(wanted).toMatch(/^expected {2}….*abcdefghij.*… {3}10,000 bytes$/);
  expect(came).toContain("jXbcdef");
  expect(caret).toMatch(/\^ byte 5,001$/);
  expect(came!.indexOf("X")).toBe(caret!.indexOf("^"));
  expect(Math.max(wanted!.length, came!.length)).toBeLessThanOrEqual(76);
});

test("bytesLines() stays on one line whatever the bytes are", () => {
  const expected = new Uint8Array(65_507).fill(0xff);
  for (const at of [0, 10, 30_000, 65_506]) {
    const all = lines(expected, expected.with(at, 0));
    expect(Math.max(...all.map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(all[1]!.indexOf("\\x00")).toBe(all[2]!.indexOf("^"));
  }
});

test("cell() shows bytes that are no printable ASCII as escapes", () => {
  expect([0x61, 0x0a, 0x0d, 0x09, 0x5c, 0x00, 0xdf].map(cell))
    .toEqual(["a", "\\n", "\\r", "\\t", "\\\\", "\\x00", "\\xdf"]);
});
