/** How programs ended, in words. */
import { expect, test } from "vitest";
import { endingText, lastWord } from "./ending.ts";

test("endingText() tells the status, or the signal, and why", () => {
  expect(endingText({ code: 3, signal: null })).toBe("exit status 3");
  expect(endingText({ code: 130, signal: "SIGINT" })).toBe("SIGINT");
  expect(endingText({ code: 137, signal: "SIGKILL", why: "it took too much" }))
    .toBe("SIGKILL: it took too much");
});

test("lastWord() prefers an error to the lines around it, without colours", () => {
  const trace = ["", "\x1b[31merror\x1b[0m: Uncaught Error: no paper", "    at server.ts:3:7", ""];
  expect(lastWord(trace)).toBe("error: Uncaught Error: no paper");
  expect(lastWord(["out of paper", "good bye", " "])).toBe("good bye");
  expect(lastWord(["", " "])).toBeUndefined();
});
