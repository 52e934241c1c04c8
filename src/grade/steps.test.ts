import { expect, test } from "vitest";
import { Steps } from "./steps.ts";

test("Steps tells those that came to an end, in the order in which they began", async () => {
  const steps = new Steps();
  const { promise, resolve } = Promise.withResolvers<void>();
  const first = steps.do("one", () => promise);
  void steps.do("two", () => new Promise(() => {}));
  await steps.do("three", () => {});
  resolve();
  await first;
  expect(steps.done).toEqual([
    { what: "one", state: "passed" },
    { what: "three", state: "passed" },
  ]);
});

test("Steps has the innermost step fail, not those around it", async () => {
  const steps = new Steps();
  const fails = steps.do("outer", () =>
    steps.do("inner", () => {
      throw new Error("no");
    }));
  await expect(fails).rejects.toThrow("no");
  expect(steps.done).toEqual([{ what: "inner", state: "failed" }]);
});

test("Steps.cut() has the step under way fail, whatever comes of it later", async () => {
  const steps = new Steps();
  const { promise, resolve } = Promise.withResolvers<void>();
  await steps.do("one", () => {});
  const outer = steps.do("two", () => steps.do("within two", () => promise));
  steps.cut();
  const cut = [{ what: "one", state: "passed" }, { what: "within two", state: "failed" }];
  expect(steps.done).toEqual(cut);
  resolve();
  await outer;
  expect(steps.done).toContainEqual({ what: "within two", state: "failed" });
});
