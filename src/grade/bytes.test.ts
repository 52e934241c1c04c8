import { expect, test } from "vitest";
import { byteCount, firstDifference, indexOfBytes, nearestBytes, sameBytes } from "./bytes.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const nearest = (whole: string, part: string) =>
  new TextDecoder().decode(nearestBytes(utf8(whole), utf8(part)));

test("nearestBytes() finds where the longest beginning stands, to the end of its line", () => {
  expect(nearest("> HELLO\n> HELP ME\n> bye\n", "HELLO WORLD")).toBe("HELLO");
  expect(nearest("> HELLO\n> HELLOW\nbye\n", "HELLO WORLD")).toBe("HELLOW");
  expect(nearest("ab\ncd\nef", "ab\ncX")).toBe("ab\ncd");
});

test("nearestBytes() finds where most bytes stand in their places, where the beginning is another one", () => {
  expect(nearest("> jello world\n> ", "hello world")).toBe("jello world");
  expect(nearest("> (Sat Feb  3) one\n> (Sat Feb  3) two\n> ", "[Sat Feb  3] one"))
    .toBe("(Sat Feb  3) one");
});

test("nearestBytes() is the last line where nothing is alike, without prompts, and nothing of nothing", () => {
  expect(nearest("one\ntwo\n", "XYZ")).toBe("two");
  expect(nearest("> one\n> two\n> ", "XYZ")).toBe("two");
  expect(nearest("> > two", "XYZ")).toBe("two");
  expect(nearest("> > ", "XYZ")).toBe("");
  expect(nearest("", "XYZ")).toBe("");
});

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
