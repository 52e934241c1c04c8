import { expect, test } from "vitest";
import { quote, repeatCommand } from "./repeat_command.ts";
import type { RunValues } from "./run_settle.ts";

const values: RunValues = {
  driver: "auto",
  clients: 1,
  watch: false,
  json: false,
  quiet: false,
};
const plan = {
  up: { profile: "seed 7", script: "" },
  down: { profile: "seed 8", script: "" },
  seed: "7",
  drawn: true,
  notes: [],
};

test("repeatCommand() says what was said, and the seed that was drawn", () => {
  const words = (said: Partial<RunValues>) =>
    repeatCommand("/checkout", "lab3", { ...values, ...said }, plan);
  expect(words({})).toBe("/checkout/lab run lab3 --seed 7");
  expect(words({ netem: "loss 5%", count: 3 })).toBe(
    "/checkout/lab run lab3 --netem 'loss 5%' --count 3 --seed 7",
  );
  expect(words({ up: "loss 5%", down: "seed 3" })).toMatch(/--seed 7$/);
});

test("repeatCommand() leaves out the seed where both directions have their own written", () => {
  const up = "loss 5% seed 3";
  expect(repeatCommand("/checkout", "lab3", { ...values, up, down: "seed 4" }, plan)).toBe(
    "/checkout/lab run lab3 --up 'loss 5% seed 3' --down 'seed 4'",
  );
});

test("quote() leaves plain words alone, and quotes what a shell would read otherwise", () => {
  expect(quote("a/b.ts")).toBe("a/b.ts");
  expect(quote("it's")).toBe(`'it'\\''s'`);
});
