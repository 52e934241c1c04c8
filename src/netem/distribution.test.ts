import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { distributionTable, parseDistribution } from "./distribution.ts";

const folder = existsSync("/usr/lib")
  ? ["/usr/lib/tc", ...readdirSync("/usr/lib").map((name) => `/usr/lib/${name}/tc`)]
    .find((path) => existsSync(`${path}/normal.dist`))
  : undefined;

test.skipIf(folder === undefined).each(["normal", "pareto", "paretonormal"] as const)(
  "distributionTable('%s') equals iproute2's file, entry for entry",
  (name) => {
    const file = parseDistribution(readFileSync(`${folder}/${name}.dist`, "utf8"));
    expect(Array.from(distributionTable(name))).toEqual(Array.from(file));
  },
);

test.each(["normal", "pareto", "paretonormal"] as const)(
  "distributionTable('%s') rises from entry to entry",
  (name) => {
    const table = distributionTable(name);
    expect(table.length).toBe(4096);
    expect(table.every((value, index) => index === 0 || value >= (table[index - 1] ?? 0))).toBe(
      true,
    );
  },
);

test("distributionTable('normal') has mean 0 and deviation 1 within a hundredth", () => {
  const values = Array.from(distributionTable("normal"), (value) => value / 8192);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  expect(mean).toBeCloseTo(0, 2);
  expect(Math.sqrt(variance)).toBeCloseTo(1, 2);
});

test("distributionTable() takes the caller's table, and needs it for experimental", () => {
  expect(Array.from(distributionTable("experimental", { experimental: [1, 2] }))).toEqual([1, 2]);
  expect(() => distributionTable("experimental")).toThrow(/^Install iproute2/);
  expect(() => distributionTable("normal", { normal: [] })).toThrow(RangeError);
});

test("parseDistribution() reads numbers over lines and skips comments", () => {
  expect(Array.from(parseDistribution("# a table\n -3 4\n\n5 # five\n"))).toEqual([-3, 4, 5]);
});

test.each(["", "# nothing", "1 two", "40000", "1.5"])(
  "parseDistribution(%j) is refused",
  (text) => {
    expect(() => parseDistribution(text)).toThrow(/^Give a distribution file/);
  },
);
