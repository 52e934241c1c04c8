import { expect, test } from "vitest";
import { readLines, visible } from "./lines.ts";

async function lines(...chunks: (string | number[])[]): Promise<string[]> {
  const bytes = chunks.map((chunk) =>
    typeof chunk === "string" ? new TextEncoder().encode(chunk) : new Uint8Array(chunk)
  );
  return await Array.fromAsync(readLines(ReadableStream.from(bytes)));
}

test("readLines() joins what was split and splits what was merged", async () => {
  expect(await lines("on", "e\ntwo\r\nth", "ree")).toEqual(["one", "two", "three"]);
});

test("readLines() keeps empty lines, and makes none of an end", async () => {
  expect(await lines("\n\na\n")).toEqual(["", "", "a"]);
  expect(await lines()).toEqual([]);
});

test("readLines() survives a character split between reads, and bytes that are no text", async () => {
  expect(await lines([0xc3], [0xa9, 0x0a])).toEqual(["é"]);
  expect(await lines([0xff, 0x0a])).toEqual(["\ufffd"]);
});

test("readLines() passes a line without an end on in pieces", async () => {
  const pieces = await lines("x".repeat(200_000));
  expect(pieces.join("")).toBe("x".repeat(200_000));
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(65_536);
});

test("visible() shows control characters instead of obeying them, tab apart", () => {
  expect(visible("\x1b[2Ja\tb\x07\x7f")).toBe("␛[2Ja\tb␇␡");
});
