import { expect, test } from "vitest";
import { FORMATS } from "./formats.ts";

test("FORMATS has the nine formats, no two of which write the same file", () => {
  expect(Object.keys(FORMATS).sort()).toEqual([
    ...["classroom50", "csv", "github", "gradescope", "json", "junit", "markdown", "tap", "text"],
  ]);
  const files = Object.values(FORMATS).flatMap(({ files }) => Object.keys(files));
  expect(new Set(files).size).toBe(files.length);
  // Where the grader keeps its own.
  expect(files).not.toContain("result.json");
  expect(files).not.toContain("batch.json");
});
