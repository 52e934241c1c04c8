import { expect, test } from "vitest";
import { ambientOf } from "./ambient_options.ts";

test.each([
  [{}, undefined],
  [{ netem: "none" }, null],
  [{ netem: "loss 5 delay 20ms" }, { up: "delay 20ms loss 5%", down: "delay 20ms loss 5%" }],
  [{ up: "loss 5%" }, { up: "loss 5%", down: "" }],
  [{ up: "", down: "duplicate 1%" }, { up: "", down: "duplicate 1%" }],
])("ambientOf(%j) is %j", (values, ambient) => {
  expect(ambientOf(values)).toEqual(ambient);
});

test.each([
  [{ netem: "loss 5%", up: "loss 5%" }, "Give --netem for both directions"],
  [{ netem: "loss 5% seed 7" }, "Give --seed instead of a seed in a profile"],
  [{ down: "loose 5%" }, "loose"],
])("ambientOf(%j) says what is wrong", (values, message) => {
  expect(() => ambientOf(values)).toThrow(message);
});
