import { expect, test } from "vitest";
import { Printed } from "./printed.ts";

test("Printed keeps lines from the first on up to its limit, and the last one", () => {
  const printed = new Printed(10);
  expect(printed).toMatchObject({ any: false, last: "", text: "" });
  for (const line of ["one", "two", "and three", "4"]) printed.take(line);
  expect(printed).toMatchObject({ any: true, last: "4", text: "one\ntwo" });
});

test("Printed does not grow with what a client prints", () => {
  const printed = new Printed(1000);
  for (let i = 0; i < 100_000; i++) printed.take(`line ${i}`);
  expect(printed.text.length).toBeLessThanOrEqual(1000);
  expect(printed.last).toBe("line 99999");
});
