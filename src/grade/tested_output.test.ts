import { expect, test } from "vitest";
import { TestedOutput } from "./tested_output.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const streamOf = (...pieces: string[]) => ReadableStream.from(pieces.map(bytes));

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
  const { stdout, stderr } = output.through({ stdout: streamOf("a", "b"), stderr: streamOf("c") });
  expect(await new Response(stdout).text()).toBe("ab");
  expect(await new Response(stderr).text()).toBe("c");
  expect(new TextDecoder().decode(output.stdout)).toBe("ab");
});

test("TestedOutput keeps the last lines of a flood, and the first 16 MB", async () => {
  const output = new TestedOutput();
  const piece = `${"x".repeat(60_000)}\n`.repeat(16);
  const flood = Array.from({ length: 30 }, () => piece);
  await output.read({ stdout: streamOf(...flood, "last\n"), stderr: streamOf() });
  expect(output.lines.at(-1)).toEqual({ stream: "stdout", text: "last" });
  expect(output.lines.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThan(5_000_000);
  expect(output.stdout.length).toBeLessThan(18_000_000);
});

test("TestedOutput says when both streams together have brought more than 32 MiB, and takes no more", async () => {
  const piece = new Uint8Array(1 << 20).fill(0x61);
  const output = new TestedOutput();
  const half = () => ReadableStream.from(Array<Uint8Array>(16).fill(piece));
  await output.read({ stdout: half(), stderr: half() });
  expect(output.flooded).toBe(false);
  await output.read({ stdout: streamOf("more\n"), stderr: streamOf() });
  await output.flood;
  expect(output.flooded).toBe(true);
  expect(output.lines.at(-1)!.text).not.toBe("more");
});
