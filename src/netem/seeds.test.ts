import { expect, test } from "vitest";
import { parseProfile } from "./parse.ts";
import { resolveSeeds, type SeedRequest, withSeed } from "./seeds.ts";

const never = () => {
  throw new Error("No seed was to be drawn");
};

const cases: [SeedRequest, [bigint, bigint, bigint]][] = [
  [{ netem: "loss 1%", seed: 7n }, [7n, 8n, 7n]],
  [{ netem: "loss 1% seed 7" }, [7n, 8n, 7n]],
  [{ netem: "loss 1% seed 7", seed: 9n }, [9n, 10n, 9n]],
  [{ up: "seed 3", down: "seed 3" }, [3n, 3n, 3n]],
  [{ up: "seed 3", down: "loss 1%", seed: 9n }, [3n, 10n, 9n]],
  [{ up: "loss 1%", down: "seed 3", seed: 9n }, [9n, 3n, 9n]],
  [{ up: "seed 3" }, [3n, 4n, 3n]],
  [{ down: "seed 3" }, [2n, 3n, 2n]],
  [{ netem: "seed 5", up: "loss 1%" }, [5n, 6n, 5n]],
  [{ seed: 2n ** 64n - 1n }, [2n ** 64n - 1n, 0n, 2n ** 64n - 1n]],
];

test("resolveSeeds() takes what is written, and else N for up and N + 1 for down", () => {
  for (const [request, [up, down, seed]] of cases) {
    const resolved = resolveSeeds(request, never);
    expect([resolved.up.seed, resolved.down.seed, resolved.seed]).toEqual([up, down, seed]);
  }
});

test("resolveSeeds() draws once where no seed is given", () => {
  let draws = 0;
  const resolved = resolveSeeds({ netem: "loss 1%" }, () => BigInt(++draws * 100));
  expect([resolved.up.seed, resolved.down.seed, draws]).toEqual([100n, 101n, 1]);
  expect(resolved.down.loss).toEqual({ kind: "random", percent: 1, correlation: 0 });
});

test("withSeed() leaves the profile given untouched", () => {
  const profile = parseProfile("loss 1%");
  expect(withSeed(profile, 2n ** 64n + 5n).seed).toBe(5n);
  expect(profile.seed).toBeUndefined();
});
