import { expect, test } from "vitest";
import { answeredPart, expectedAnswer } from "./answer.ts";

test("expectedAnswer() of upper changes the bytes a to z and no other", () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const changed = [...expectedAnswer("upper", all)!.entries()].filter(([i, byte]) => i !== byte);
  expect(changed.map(([i]) => String.fromCharCode(i)).join("")).toBe("abcdefghijklmnopqrstuvwxyz");
  expect(changed.map(([, byte]) => String.fromCharCode(byte)).join(""))
    .toBe("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
});

test("expectedAnswer() leaves the request as it was", () => {
  const request = new TextEncoder().encode("abc");
  expectedAnswer("upper", request);
  expect(new TextDecoder().decode(request)).toBe("abc");
  expect(expectedAnswer("upper", new Uint8Array())).toEqual(new Uint8Array());
});

test("answeredPart() of stamped is what expectedAnswer() tells, behind the time", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const answer = bytes("[Sat Nov 21 04:31:00 2026] hello");
  expect(answeredPart("stamped", answer)).toEqual(expectedAnswer("stamped", bytes("hello")));
  expect(answeredPart("same", bytes("hello"))).toEqual(expectedAnswer("same", bytes("hello")));
});

test("expectedAnswer() knows nothing of a date", () => {
  expect(expectedAnswer("date", new Uint8Array(3))).toBeNull();
});
