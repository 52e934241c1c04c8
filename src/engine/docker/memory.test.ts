import { expect, test } from "vitest";
import { memoryIn } from "./memory.ts";

test("memoryIn() counts memory without files, of either version of control groups", () => {
  const two = { anon: 5_000_000, shmem: 1000, file: 90_000_000, kernel_stack: 300 };
  expect(memoryIn({ memory_stats: { stats: two } })).toBe(5_001_000);
  const one = { total_rss: 5_000_000, rss: 4_000_000, cache: 90_000_000 };
  expect(memoryIn({ memory_stats: { stats: one } })).toBe(5_000_000);
});

test("memoryIn() of a container that has ended is null", () => {
  for (const nothing of [{}, { memory_stats: {} }, { memory_stats: { stats: {} } }]) {
    expect(memoryIn(nothing)).toBeNull();
  }
});
