import { expect, test } from "vitest";
import { changeOf } from "./netem_change.ts";

const now = {
  up: setting("loss 10% seed 1", "lose 3"),
  down: setting("loss 20% seed 2", ""),
};

function setting(profile: string, script: string) {
  const zero = { seen: 0, delivered: 0, lost: 0, duplicated: 0, corrupted: 0, reordered: 0 };
  return { profile, script, counts: { ...zero, dropped_full: 0 }, queued: 0 };
}

test("changeOf() leaves out a direction that nothing is said of, and keeps its script", () => {
  const { up, down } = changeOf({ up: "delay 5ms" }, now);
  expect(up).toEqual({ profile: "delay 5ms", script: "lose 3" });
  expect(down).toBeUndefined();
});

test("changeOf() gives down the next seed, so that no request shares its answer's fate", () => {
  expect(changeOf({ netem: "loss 50% seed 4" }, now)).toMatchObject({
    up: { profile: "loss 50% seed 4" },
    down: { profile: "loss 50% seed 5" },
  });
  expect(changeOf({ netem: "loss 50%", seed: "9" }, now)).toMatchObject({
    up: { profile: "loss 50% seed 9" },
    down: { profile: "loss 50% seed 10" },
  });
});

test("changeOf() without a seed lets the random numbers go on", () => {
  expect(changeOf({ netem: "loss 50%" }, now).up).toEqual({
    profile: "loss 50%",
    script: "lose 3",
  });
});

test("changeOf() changes scripts alone, and says so where nothing is said", () => {
  expect(changeOf({ script: "down: lose 1" }, now)).toMatchObject({
    up: { profile: "loss 10% seed 1", script: "" },
    down: { profile: "loss 20% seed 2", script: "lose 1" },
  });
  expect(() => changeOf({}, now)).toThrow("Give a profile, such as");
  expect(() => changeOf({ netem: "loss 1%", up: "loss 2%" }, now)).toThrow("not both");
});
