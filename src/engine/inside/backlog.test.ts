import { describe, expect, test } from "vitest";
import { decodeBase64 } from "../../packet/mod.ts";
import { Backlog } from "./backlog.ts";

/** What a backlog gives back, by stream. */
function taken(backlog: Backlog): { stdout: string; stderr: string } {
  const text = { stdout: "", stderr: "" };
  for (const { stream, bytes } of backlog.take()) {
    text[stream] += new TextDecoder().decode(decodeBase64(bytes));
  }
  return text;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const line = "a server says this for each datagram\n";

describe("Backlog", () => {
  test("gives back all of a megabyte, once", () => {
    const backlog = new Backlog();
    const count = Math.floor(1_000_000 / line.length);
    for (let i = 0; i < count; i++) backlog.push("stdout", bytes(line));
    expect(taken(backlog)).toEqual({ stdout: line.repeat(count), stderr: "" });
    expect(taken(backlog)).toEqual({ stdout: "", stderr: "" });
  });

  test("says how much it has left out, in a line of its own", () => {
    const backlog = new Backlog();
    backlog.push("stderr", bytes("half a line"));
    for (let i = 0; i < 1000; i++) backlog.push("stdout", bytes("x".repeat(1500)));
    backlog.push("stderr", bytes("more\n"));
    const { stdout, stderr } = taken(backlog);
    const left = 1000 * 1500 + 16 - 1_000_000;
    expect(stderr).toBe(
      `half a line\nlab: ${left} bytes that the server printed before this run are left out\n`,
    );
    // What comes after it begins a line of its own, too.
    expect(stdout).toBe(`${"x".repeat(1_000_000 - 11)}\n`);
    backlog.push("stdout", bytes(line));
    expect(taken(backlog)).toEqual({ stdout: line, stderr: "" });
  });
});
