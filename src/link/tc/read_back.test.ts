import { expect, test } from "vitest";
import { parseProfile } from "../../netem/mod.ts";
import { netemDifference, netemOf, readListing } from "./read_back.ts";

const tc = { seeds: true, nanoseconds: true }, old = { seeds: false, nanoseconds: false };

/** What tc 6.15 lists of a netem with these options. */
function listed(options: string) {
  return readListing(
    `[{"kind":"netem","handle":"30:","dev":"link-up-0","parent":"10:1","options":{${options}}}]`,
  )[0];
}

const all = '"limit":1000,"delay":{"delay":0.0123457,"jitter":0.003,"correlation":0.25},' +
  '"loss-random":{"loss":0.333333,"correlation":0},"duplicate":{"duplicate":0.02,"correlation":0.03},' +
  '"rate":{"rate":125000,"packetoverhead":-14,"cellsize":48,"celloverhead":-4},' +
  '"seed":18446744073709551615,"ecn":true,"gap":0';
const text = "delay 12345678ns 3ms 25% loss 33.3333333% ecn duplicate 2% 3% rate 1mbit -14 48 -4 " +
  "seed 18446744073709551615";

test("netemDifference() finds none where the kernel has what was asked, to six digits", () => {
  expect(netemDifference(parseProfile(text), listed(all), tc)).toBeNull();
});

test.each([
  [/0\.0123457/, "0.0123467", "delay delay is 0.0123467, not 0.012345678"],
  [/"jitter":0\.003/, '"jitter":0', "delay jitter is 0, not 0.003"],
  [/"correlation":0\.03/, '"correlation":0', "duplicate correlation is 0, not 0.03"],
  [/551615/, "551614", "seed is 18446744073709551614, not 18446744073709551615"],
  [/"seed":\d+,/, "", "seed is 0, not 18446744073709551615"],
  [/"ecn":true/, '"ecn":false', "ecn is false, not true"],
  [/"limit":1000/, '"limit":100', "limit is 100, not 1000"],
  [/"gap":0/, '"gap":1', "gap is 1, not 0"],
  [/"rate":125000/, '"rate":125001', "rate rate is 125001, not 125000"],
  [
    /"gap":0/,
    '"gap":0,"corrupt":{"corrupt":0.01,"correlation":0}',
    "corrupt corrupt is 0.01, not 0",
  ],
  [
    /"gap":0/,
    '"gap":0,"slot":{"min-delay":0.001,"max-delay":0.001,"packets":0,"bytes":0}',
    "slot min-delay is 0.001, not 0",
  ],
])("netemDifference() names what differs, after %s to %s", (from, to, difference) => {
  expect(netemDifference(parseProfile(text), listed(all.replace(from, to)), tc)).toBe(difference);
});

test("netemDifference() allows an older tc its whole microseconds, and a kernel without seeds none", () => {
  const options = '"limit":1000,"delay":{"delay":0,"jitter":0,"correlation":0},"ecn":false,"gap":0';
  expect(netemDifference(parseProfile("delay 1us seed 3"), listed(options), old)).toBeNull();
  expect(netemDifference(parseProfile("delay 3us seed 3"), listed(options), old)).not.toBeNull();
});

test("netemDifference() says that there is no netem", () => {
  expect(netemDifference(parseProfile(""), undefined, tc)).toBe("there is no netem");
});

test("netemOf() finds a device's netem among the others", () => {
  const listing = readListing(
    '[{"kind":"prio","dev":"a"},{"kind":"netem","dev":"b"},{"kind":"netem","dev":"a"}]',
  );
  expect(netemOf(listing, "a")).toBe(listing[2]);
  expect(netemOf(listing, "c")).toBeUndefined();
});

test("readListing() takes nothing for no qdiscs, and refuses what is no listing", () => {
  expect(readListing("")).toEqual([]);
  expect(() => readListing("{}")).toThrow("Install iproute2 anew");
});
