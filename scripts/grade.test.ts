import { expect, test } from "vitest";
import { FORMATS } from "../src/grade/mod.ts";
import { verb } from "./grade.ts";

test("--format takes the formats that there are", () => {
  const { format } = verb.options;
  expect(format).toMatchObject({ choices: Object.keys(FORMATS) });
});
