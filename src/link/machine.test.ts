import { describe, expect, test } from "vitest";
import { tool } from "./machine.ts";

describe("tool()", () => {
  test("hands a tool its input, and returns all that it says", async () => {
    const long = "ä line of words\n".repeat(20_000);
    expect(await tool("cat", [], long)).toBe(long);
    expect(await tool("cat", [])).toBe("");
  });

  test("fails in the tool's own words, or says what to install", async () => {
    await expect(tool("sh", ["-c", "echo; echo no such thing >&2; exit 1"]))
      .rejects.toThrow(/: no such thing$/);
    await expect(tool("no-such-tool", [])).rejects.toThrow(/^Install no-such-tool: /);
  });
});
