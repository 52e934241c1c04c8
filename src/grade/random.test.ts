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

test("randomOf().words() has words of so many small letters each", () => {
  const random = randomOf("1", "x");
  for (let i = 0; i < 50; i++) expect(random.words(1, 6, 4)).toMatch(/^[a-z] [a-z]{6} [a-z]{4}$/);
  expect(random.words(30)).not.toBe(random.words(30));
});

test("randomOf().everyByte() has each byte once, only printable ones out of their places", () => {
  const [one, other] = [randomOf("1", "x").everyByte(), randomOf("2", "x").everyByte()];
  for (const bytes of [one, other]) expect(new Set(bytes).size).toBe(256);
  expect(one).not.toEqual(other);
  const moved = [...one].filter((byte, i) => byte !== i);
  expect(moved.length).toBeGreaterThan(80);
  expect(moved.filter((byte) => byte <= 0x20 || byte >= 0x7f)).toEqual([]);
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

test("randomOf().shuffled() has the same bytes in another order, and leaves those it was given", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  const shuffled = randomOf("1", "x").shuffled(bytes);
  expect(shuffled).not.toEqual(bytes);
  expect(shuffled.toSorted()).toEqual(bytes);
  expect(bytes[0]).toBe(0);
});
