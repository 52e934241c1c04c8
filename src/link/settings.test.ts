import { expect, test } from "vitest";
import { parseProfile } from "../netem/mod.ts";
import { canonical, type LinkSettings, satisfiedBy, withSeedsOf } from "./settings.ts";

const both = (up: string, down = "", script = ""): LinkSettings => ({
  up: { profile: up, script },
  down: { profile: down, script: "" },
});
const seeds = ({ up, down }: LinkSettings) =>
  [up, down].map(({ profile }) => parseProfile(profile).seed);

test("canonical() of the same words in another order is the same", () => {
  const [one, other] = ["loss 10% delay 5ms seed 3", "delay 5000us loss 10% seed 3"].map((
    profile,
  ) => canonical({ profile, script: "lose 1, 4" }));
  expect(one).toEqual(other);
});

test.each<[string, LinkSettings, LinkSettings, boolean, boolean]>([
  // what is compared, wanted, run, satisfied, satisfied with any seed
  ["the same", both("loss 1% seed 3", "seed 4"), both("loss 1% seed 3", "seed 4"), true, true],
  ["other words for the same", both("loss 1% delay 1ms"), both("delay 1000us loss 1%"), true, true],
  ["another profile", both("loss 1% seed 3"), both("loss 2% seed 3"), false, false],
  ["another profile down", both("", "loss 1%"), both("", "delay 1ms"), false, false],
  ["another script", both("", "", "lose 1"), both("", "", "lose 2"), false, false],
  ["a seed and another", both("loss 1% seed 3"), both("loss 1% seed 4"), false, true],
  ["another seed down", both("", "loss 1% seed 3"), both("", "loss 1% seed 4"), false, true],
  ["a seed and none in the run", both("loss 1% seed 3"), both("loss 1%"), false, true],
  ["no seed and one in the run", both("loss 1%"), both("loss 1% seed 3"), true, true],
  ["no seed up, another down", both("", "seed 1"), both("seed 5", "seed 2"), false, true],
])("satisfiedBy() of %s", (_, wanted, run, satisfied, anySeed) => {
  expect(satisfiedBy(wanted, run)).toBe(satisfied);
  expect(satisfiedBy(wanted, run, { anySeed: true })).toBe(anySeed);
});

test("withSeedsOf() takes both seeds, where the profiles are the same but for their seeds", () => {
  const earlier = both("delay 1ms loss 5% seed 18446744073709551615", "seed 8");
  const taken = withSeedsOf(earlier, both("loss 5% delay 1ms seed 1", "seed 2", "lose 3"));
  expect(seeds(taken)).toEqual([18446744073709551615n, 8n]);
  expect(taken.up.script).toBe("lose 3");
  expect(seeds(withSeedsOf(earlier, both("delay 1ms loss 5%")))).toEqual([
    18446744073709551615n,
    8n,
  ]);
});

test.each<[string, LinkSettings]>([
  ["one profile is another", both("loss 5% seed 7", "loss 1% seed 8")],
  ["the earlier run had none", both("loss 5%")],
])("withSeedsOf() leaves the seeds where %s", (_, earlier) => {
  expect(seeds(withSeedsOf(earlier, both("loss 5% seed 1", "seed 2")))).toEqual([1n, 2n]);
});
