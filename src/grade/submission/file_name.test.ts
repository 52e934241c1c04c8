import fc from "fast-check";
import { expect, test } from "vitest";
import { fileNameOf } from "./file_name.ts";

test.each([
  ["alice", "alice"],
  ["lab3_b-2.v1", "lab3_b-2.v1"],
  ["a b", "a%20b"],
  ["..", "%2e."],
  ["../x", "%2e.%2fx"],
  ["-rf", "%2drf"],
  [".hidden", "%2ehidden"],
  ["a\nb\0", "a%0ab%00"],
  ['"$(x)`', "%22%24%28x%29%60"],
  ["Müller", expect.stringMatching(/^M%c3%bcller~[0-9a-f]{16}$/)],
  ["", expect.stringMatching(/^~[0-9a-f]{16}$/)],
  ["x".repeat(300), expect.stringMatching(/^x{83}~[0-9a-f]{16}$/)],
  ["x".repeat(100), "x".repeat(100)],
])("fileNameOf(%j) is %o", (text, name) => {
  expect(fileNameOf(text)).toEqual(name);
});

const unit = fc.constantFrom("a", "A", "é", "😀", ".", "-", "%", "~", "/", "\0", "\n", "0");
const names = fc.string({ unit, maxLength: 120 });

test("fileNameOf() tells texts apart, also where capitals are not told", () => {
  fc.assert(fc.property(names, names, (one, other) => {
    fc.pre(one !== other);
    expect(fileNameOf(one).toLowerCase()).not.toBe(fileNameOf(other).toLowerCase());
  }));
});

test("fileNameOf() is a plain name of at most 100 characters", () => {
  fc.assert(fc.property(names, (text) => {
    expect(fileNameOf(text)).toMatch(/^[A-Za-z0-9_%~][A-Za-z0-9_.%~-]{0,99}$/);
  }));
});
