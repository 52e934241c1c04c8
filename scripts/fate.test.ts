import { expect, test } from "vitest";
import { verb } from "./fate.ts";
import { style } from "./output.ts";

const defaults = { count: 100, "interval-us": 1000, "frame-bytes": 98, json: false };

async function fate(profile: string, values: Record<string, string | number | boolean> = {}) {
  let out = "";
  let err = "";
  const status = await verb.run({
    values: { ...defaults, ...values },
    positionals: profile.split(" "),
    output: {
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      isTerminal: false,
      columns: 80,
      style: style(false),
      errorStyle: style(false),
    },
    root: "",
  });
  return { status, out, err };
}

test("fate prints a strip, and the seed that was drawn", async () => {
  const { status, out, err } = await fate("loss 10%");
  expect(status).toBe(0);
  expect(err).toBe("");
  const seed = /^profile {2}loss 10% seed (\d+)$/m.exec(out)?.[1];
  expect(seed).toBeDefined();
  expect((await fate("loss 10%", { seed: seed ?? "" })).out).toBe(out);
});

test("fate --json prints one line with every packet's fate", async () => {
  const { out } = await fate("delay 5ms loss 20% seed 3", { json: true, count: 20 });
  expect(out.endsWith("}\n")).toBe(true);
  const fates = JSON.parse(out);
  expect(Object.keys(fates)).toEqual(
    ["profile", "count", "copies", "corrupted", "order", "delay_us"],
  );
  expect(fates.copies).toMatch(/^[01]{20}$/);
  expect(fates.delay_us.flat()).toEqual(Array(fates.order.length).fill(5000));
});

test("fate takes the up part of a script", async () => {
  const { out } = await fate("none", {
    json: true,
    count: 3,
    seed: "1",
    script: "lose 1; down: lose 2",
  });
  expect(JSON.parse(out)).toMatchObject({ copies: "011", profile: "seed 1" });
});

test("fate says that it shows the way up alone, where a script says more", async () => {
  const { err } = await fate("none", { count: 3, seed: "1", script: "lose 1; down: lose 2" });
  expect(err).toBe("lab: The way up is foretold: what the script says of down is left out\n");
});

test("fate tells on standard error that a bare number was taken for microseconds", async () => {
  const { err } = await fate("delay 10 seed 1");
  expect(err).toBe(
    "lab: 10 in column 7 was taken for 10 microseconds: write 10us, or 10ms for milliseconds\n",
  );
});

test.each([
  ["delay 100mx", {}, "Write the delay as a time up to 274s, such as 100ms: column 7, got '100mx'"],
  ["loss 1%", { script: "loose 1" }, "Write lose, duplicate"],
  ["loss 1%", { seed: "x" }, "Give --seed a whole number"],
  ["loss 1%", { seed: "18446744073709551616" }, "Give --seed a whole number"],
])("fate %j %j is refused in one line", async (profile, values, message) => {
  const error = await fate(profile, values).catch((caught: unknown) => caught);
  // The frame knows both names: status 2, in one line.
  expect((error as Error).name).toMatch(/^(UsageError|ProfileError)$/);
  expect((error as Error).message).toContain(message);
  expect((error as Error).message).not.toContain("\n");
});
