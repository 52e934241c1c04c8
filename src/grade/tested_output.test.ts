import { expect, test } from "vitest";
import { TestedOutput } from "./tested_output.ts";

const streamOf = (...pieces: string[]) =>
  ReadableStream.from(pieces.map((piece) => new TextEncoder().encode(piece)));

test("TestedOutput has lines of both streams, and the bytes of standard output", async () => {
  const output = new TestedOutput();
  await output.read({ stdout: streamOf("on", "e\ntwo"), stderr: streamOf("no\n") });
  expect(output.lines.filter(({ stream }) => stream === "stdout").map(({ text }) => text))
    .toEqual(["one", "two"]);
  expect(output.lines.filter(({ stream }) => stream === "stderr").map(({ text }) => text))
    .toEqual(["no"]);
  expect(new TextDecoder().decode(output.stdout)).toBe("one\ntwo");
});

test("TestedOutput passes on what goes through it", async () => {
  const output = new TestedOutput();
  expect(await new Response(output.through(streamOf("a", "b"))).text()).toBe("ab");
  expect(new TextDecoder().decode(output.stdout)).toBe("ab");
});

test("TestedOutput keeps the last lines of a flood, and the first 16 MB", async () => {
  const output = new TestedOutput();
  const piece = `${"x".repeat(60_000)}\n`.repeat(16);
  const flood = Array.from({ length: 40 }, () => piece);
  await output.read({ stdout: streamOf(...flood, "last\n"), stderr: streamOf() });
  expect(output.lines.at(-1)).toEqual({ stream: "stdout", text: "last" });
  expect(output.lines.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThan(5_000_000);
  expect(output.stdout.length).toBeLessThan(18_000_000);
});
