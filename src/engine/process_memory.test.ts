import { expect, test } from "vitest";
import { memoryOf, parseMemory } from "./process_memory.ts";

test("parseMemory() counts what is anonymous or shared, in bytes, and no files", () => {
  const text = "Rss:   39308 kB\nPss:  15614 kB\nPss_Anon:   12100 kB\nPss_File: 3514 kB\n" +
    "Pss_Shmem:      12 kB\n";
  expect(parseMemory(text)).toBe(12_112 * 1024);
});

test("parseMemory() of an older kernel's text is null", () => {
  expect(parseMemory("Rss:   39308 kB\nPss:  15614 kB\n")).toBeNull();
});

test("memoryOf() is null where there is no such process", () => {
  expect(memoryOf(2 ** 22 + 1)).toBeNull();
});

test("memoryOf() grows with what a process holds", () => {
  const before = memoryOf(Deno.pid)!;
  const held = new Uint8Array(64 << 20).fill(1);
  expect(memoryOf(Deno.pid)! - before).toBeGreaterThan(50 << 20);
  expect(held.at(-1)).toBe(1);
});
