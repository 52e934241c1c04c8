import { describe, expect, test } from "vitest";
import { anonymousMemory, requireSandbox } from "./processes.ts";

describe("requireSandbox()", () => {
  test("lets nothing be ended where this is no sandbox", () => {
    expect(requireSandbox).toThrow("in a sandbox only");
  });
});

describe("anonymousMemory()", () => {
  test("adds what a process has of its own and what it shares with others, and leaves files out", () => {
    const status =
      "Name:\tdeno\nRssAnon:\t   2048 kB\nRssFile:\t  70000 kB\nRssShmem:\t   1024 kB\n";
    expect(anonymousMemory(status)).toBe(3 * 1024 * 1024);
  });

  test("is nothing of a process that has ended", () => {
    expect(anonymousMemory("Name:\tsh\nState:\tZ (zombie)\n")).toBe(0);
    expect(anonymousMemory("")).toBe(0);
  });
});
