import { expect, test } from "vitest";
import { nearestBytes } from "./nearest_bytes.ts";

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
