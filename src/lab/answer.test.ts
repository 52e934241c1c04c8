import { expect, test } from "vitest";
import { expectedAnswer } from "./answer.ts";

test("expectedAnswer() of upper changes the bytes a to z and no other", () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const changed = [...expectedAnswer("upper", all).entries()].filter(([i, byte]) => i !== byte);
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
