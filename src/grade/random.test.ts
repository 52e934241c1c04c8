import { expect, test } from "vitest";
import { randomOf } from "./random.ts";

test("randomOf() gives the same inputs for the same seed and check, others for others", () => {
  const text = (seed: string, id: string) => randomOf(seed, id).text(40);
  expect(text("7", "echo")).toBe(text("7", "echo"));
  expect(text("8", "echo")).not.toBe(text("7", "echo"));
  expect(text("7", "ping")).not.toBe(text("7", "echo"));
});

test("randomOf().text() has small letters, digits and spaces, none of these at its ends", () => {
  const random = randomOf("1", "x");
  for (let length = 0; length < 50; length++) {
    expect(random.text(length)).toMatch(/^$|^[a-z0-9]$|^[a-z0-9][a-z0-9 ]*[a-z0-9]$/);
  }
});

test("randomOf().bytes() has all bytes alike", () => {
  const counts = new Array(256).fill(0);
  for (const byte of randomOf("1", "x").bytes(256_000)) counts[byte]++;
  expect(Math.min(...counts)).toBeGreaterThan(800);
  expect(Math.max(...counts)).toBeLessThan(1200);
});

test("randomOf().integer() stays below", () => {
  const random = randomOf("1", "x");
  const seen = new Set(Array.from({ length: 1000 }, () => random.integer(6)));
  expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5]);
});
