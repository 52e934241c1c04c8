/** docs/grading.md: what it shows of files, against their schemas; what it runs, on this machine. */
import Ajv2020 from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { FORMATS } from "../../src/grade/mod.ts";
import { cannotRun } from "../cli/lab_stage.ts";
import { ROOT } from "./checkout.ts";
import { blocksOf, filledIn, indented } from "./document.ts";
import { githubFaults } from "./github_files.ts";
import { describeGradingDocument } from "./grading_document.ts";

const read = (path: string) => Deno.readTextFileSync(`${ROOT}/${path}`);
const text = read("docs/grading.md");
const marked = (kind: string) =>
  blocksOf(text).flatMap((block) =>
    block.mark?.startsWith(`${kind}: `) ? [{ ...block, path: block.mark.split(": ")[1]! }] : []
  );

test.each(marked("schema"))("its example of $path is one", ({ path, text }) => {
  const ajv = new Ajv2020.default({ strict: false });
  expect(ajv.validate(JSON.parse(read(path)), JSON.parse(text)), ajv.errorsText()).toBe(true);
});

test.each(marked("file"))("shows $path as it is", ({ path, text }) => {
  expect(text).toBe(read(path));
});

test.each(marked("step"))("a step for $path is one", ({ path, text }) => {
  const workflow = read(`templates/student-repo/${path}`) + indented({ text: filledIn(text) }, 6);
  expect(githubFaults("workflow", workflow)).toEqual([]);
});

test("names every format, and every input and output of the action", () => {
  for (const name of Object.keys(FORMATS)) expect(text).toContain(`| \`${name}\``);
  const action = read("action.yml").slice(0, read("action.yml").indexOf("runs:"));
  for (const [, name] of action.matchAll(/^ {2}([a-z-]+):$/gm)) {
    expect(text).toContain(`\`${name}\``);
  }
});

describe.skipIf(cannotRun !== "")("on this machine", () => describeGradingDocument("local"));
