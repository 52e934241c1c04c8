import { expect, test } from "vitest";
import { byteCount, firstDifference, indexOfBytes, sameBytes } from "./bytes.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

test("indexOfBytes() finds bytes in bytes", () => {
  expect(indexOfBytes(utf8("hello"), utf8("llo"))).toBe(2);
  expect(indexOfBytes(utf8("hello"), utf8("low"))).toBe(-1);
  expect(indexOfBytes(utf8("hello"), utf8(""))).toBe(0);
});

test("firstDifference() and sameBytes() compare bytes and lengths", () => {
  expect(firstDifference(utf8("abc"), utf8("abd"))).toBe(2);
  expect(firstDifference(utf8("abc"), utf8("ab"))).toBe(2);
  expect(firstDifference(utf8("abc"), utf8("abc"))).toBe(-1);
  expect(sameBytes(utf8("abc"), utf8("abc"))).toBe(true);
  expect(sameBytes(utf8("abc"), utf8("ab"))).toBe(false);
});

test("byteCount() counts in words", () => {
  expect([0, 1, 65_507].map(byteCount)).toEqual(["0 bytes", "1 byte", "65,507 bytes"]);
});
