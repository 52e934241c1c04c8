import { expect, test } from "vitest";
import { parseProfile } from "../../netem/mod.ts";
import { asTaken, canChange, had, netemWords } from "./netem_text.ts";

const tc = { seeds: true, nanoseconds: true }, old = { seeds: false, nanoseconds: false };
const nothing =
  "corrupt 0% 0% duplicate 0% 0% reorder 0% 0% rate 0bit 0 0 0 slot 0us 0us packets 0 bytes 0";

test.each([
  ["", `limit 1000 delay 0us 0us 0% ${nothing}`],
  ["delay 10ms seed 7", `limit 1000 delay 10000us 0us 0% ${nothing} seed 7`],
  [
    "delay 1ms 1ns 25% distribution normal loss 1%",
    `limit 1000 delay 1000us 0.0013us 25% distribution normal loss 1% 0% ${nothing}`,
  ],
  ["loss state 1% 2% ecn", `limit 1000 delay 0us 0us 0% loss state 1% 2% ecn ${nothing}`],
  ["loss gemodel 1% 2% 3% 4%", `limit 1000 delay 0us 0us 0% loss gemodel 1% 2% 3% 4% ${nothing}`],
  [
    "limit 5 delay 1ms corrupt 1% duplicate 2% 3% reorder 4% gap 5 rate 1mbit -14 slot 1ms 2ms bytes 9",
    "limit 5 delay 1000us 0us 0% corrupt 1% 0% duplicate 2% 3% reorder 4% 0% gap 5 " +
    "rate 125000bps -14 0 0 slot 1000us 2000us packets 0 bytes 9",
  ],
  [
    "slot distribution pareto 1ms 2ms packets 3",
    "limit 1000 delay 0us 0us 0% corrupt 0% 0% duplicate 0% 0% reorder 0% 0% rate 0bit 0 0 0 " +
    "slot distribution pareto 1000us 2000us packets 3 bytes 0",
  ],
])("netemWords(%j) says all of it, and that the rest is nothing", (text, words) => {
  expect(netemWords(parseProfile(text), tc)).toBe(words);
});

test("netemWords() leaves the seed out for a tc or a kernel that would not have it", () => {
  expect(netemWords(parseProfile("loss 1% seed 7"), old)).not.toContain("seed");
});

test("netemWords() writes times that no tc cuts to less than they are", () => {
  for (let ns = 1; ns < 20_000; ns += 7) {
    const word = netemWords(parseProfile(`delay ${ns}ns`), tc).split(" ")[3]!;
    const us = Number(word.replace("us", ""));
    expect(Math.trunc(us * 1000)).toBe(ns);
    // tc 6.1: whole microseconds, in ticks of 64 ns, 15.625 of them in each.
    expect(Math.trunc(Math.trunc(us) * 15.625) * 64).toBe(
      asTaken(parseProfile(`delay ${ns}ns`), old).delay!.ns,
    );
  }
});

test("asTaken() is the profile itself for a tc that knows nanoseconds", () => {
  const profile = parseProfile("delay 1001ns 12345ns loss 1%");
  expect(asTaken(profile, tc)).toEqual(profile);
  expect(asTaken(profile, old).delay).toEqual({ ns: 960, jitterNs: 11_968, correlation: 0 });
});

test.each([
  ["delay 1ms 1ms distribution normal", "delay 1ms 1ms", false],
  ["delay 1ms 1ms distribution normal", "delay 1ms 1ms distribution pareto", true],
  ["delay 1ms 1ms distribution normal", "delay 1ms", true],
  ["slot distribution normal 1ms 1ms", "slot 1ms", false],
  ["slot distribution normal 1ms 1ms", "", true],
  ["slot distribution normal 1ms 1ms", "slot distribution normal 1ms 1ms", true],
  ["loss 1% ecn", "loss 1%", false],
  ["loss 1% ecn", "", true],
  ["loss 1% ecn", "loss 2% ecn", true],
  ["loss 1% corrupt 1% reorder 1% delay 1ms rate 1mbit", "", true],
])("a netem that had %j can be told to be %j: %j", (before, next, can) => {
  expect(canChange(had(parseProfile(before)), parseProfile(next))).toBe(can);
});

test("had() remembers what a netem once was", () => {
  const once = had(parseProfile("loss 1% ecn"));
  expect(had(parseProfile(""), once)).toEqual({ table: false, slotTable: false, ecn: true });
});
