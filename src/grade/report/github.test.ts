import Ajv2020 from "ajv/dist/2020.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { oneLine } from "../printable.ts";
import { githubLog, githubResult } from "./github.ts";
import type { Graded } from "./graded.ts";
import schema from "./github.schema.json" with { type: "json" };
import {
  batchSaying,
  checkOf,
  gradedOf,
  HOSTILE_BATCH,
  MIXED,
  PIECES,
  UNDECIDED,
} from "./results_for_test.ts";

/** A command that was obeyed. */
interface Command {
  name: string;
  properties: Record<string, string>;
  data: string;
}

/**
 * The commands in a step's log that the runner obeys, by the grammar that GitHub publishes: `::name k=v,k=v::data` at the
 * beginning of a line, or the older `##[name k=v;k=v]data` anywhere in it.
 */
function obeyed(log: string): Command[] {
  const commands: Command[] = [];
  const plain = (text: string) =>
    text.replace(/%(0D|0A|3A|2C|25)/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  let resumes: string | null = null;
  for (const line of log.split(/\r\n|\r|\n/)) {
    const match = /^\s*::([^\s:]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/s.exec(line) ??
      /##\[([^\s\]]+)(?: ([^\]]*))?\](.*)$/s.exec(line);
    if (match === null) continue;
    const [, name = "", properties = "", data = ""] = match;
    if (resumes !== null) {
      if (name === resumes) resumes = null;
    } else if (name === "stop-commands") {
      resumes = data;
    } else {
      const pairs = properties.split(/[,;]/).filter((pair) => pair !== "")
        .map((pair) => pair.split(/=(.*)/s).map(plain));
      commands.push({ name, properties: Object.fromEntries(pairs), data: plain(data) });
    }
  }
  expect(resumes).toBe(null);
  return commands;
}

const log = (one: Graded) => githubLog(one, { token: () => "f00ba4" });

test("githubLog() prints the feedback, then annotations", () => {
  const text = log(MIXED.submissions[1]!);
  expect(text).toContain("\n  ✗ Other bytes came\n");
  expect(text.indexOf("✗ Other")).toBeLessThan(text.indexOf("\n::f00ba4::\n"));
  expect(obeyed(text)).toEqual([
    { name: "notice", properties: { title: "lab3" }, data: "5 of 20 points, seed 7" },
    {
      name: "error",
      properties: { title: "Not started" },
      data: "Add client.ts to your folder: there is no such file, so nothing was started " +
        "(2 checks, 10 points)",
    },
    { name: "error", properties: { title: "two" }, data: "Other bytes came" },
  ]);
});

test("githubLog() warns of checks without a verdict, and of what was not graded", () => {
  expect(obeyed(log(UNDECIDED))[1]).toMatchObject({
    name: "warning",
    data: expect.stringMatching(/^Grade again: 2 checks came to no verdict \(three, four\)/),
  });
  expect(obeyed(log(MIXED.submissions[3]!))).toEqual([{
    name: "error",
    properties: { title: "Not graded" },
    data: "Write valid JSON in submission.json",
  }]);
  expect(obeyed(log(MIXED.submissions[4]!))).toMatchObject([{ name: "warning" }]);
});

test("githubLog() makes as many annotations as GitHub shows, the last for the rest", () => {
  const ids = Array.from({ length: 12 }, (_, index) => `check-${index + 1}`);
  const lost = gradedOf("ada", ids.map((id) => checkOf(id, { verdict: "fail", message: "No" })));
  const errors = obeyed(log(lost)).filter(({ name }) => name === "error");
  expect(errors.length).toBe(10);
  expect(errors.at(-1)).toMatchObject({
    properties: { title: "3 checks more" },
    data: "check-10, check-11, check-12",
  });
});

test("githubLog() has no command obeyed that a stranger wrote", () => {
  for (const one of HOSTILE_BATCH.submissions) {
    const commands = obeyed(log(one));
    const names = one.result === null ? ["error"] : ["notice", "error"];
    expect(commands.map(({ name }) => name)).toEqual(names);
    const said = one.result === null ? one.rejected! : one.result.checks.at(-1)!.message!;
    expect(commands.at(-1)!.data).toBe(oneLine(said).replaceAll("##[", "# #["));
  }
});

test("githubLog() has its own commands obeyed, whatever a program printed", () => {
  fc.assert(fc.property(fc.array(fc.constantFrom(...PIECES)), (pieces) => {
    const [graded, rejected] = batchSaying(pieces.join("")).submissions;
    expect(obeyed(log(graded!)).map(({ name }) => name)).toEqual(["notice", "error"]);
    expect(obeyed(log(rejected!)).map(({ name }) => name)).toEqual(["error"]);
  }));
});

const validate = new Ajv2020.default({ strict: true, allErrors: true }).compile(schema);
const decoded = (one: Graded) =>
  JSON.parse(
    new TextDecoder().decode(Uint8Array.from(atob(githubResult(one)), (c) => c.charCodeAt(0))),
  );

test("githubResult() is base64 of what the reporter reads, on one line", () => {
  for (const one of [...MIXED.submissions, ...HOSTILE_BATCH.submissions]) {
    expect(githubResult(one)).toMatch(/^[A-Za-z0-9+/]+=*\n$/);
    expect(validate(decoded(one)), JSON.stringify(validate.errors)).toBe(true);
  }
  expect(decoded(MIXED.submissions[1]!)).toMatchObject({
    ...{ version: 1, status: "fail", max_score: 20 },
    tests: [{ status: "pass", score: 5 }, { status: "fail", score: 0 }, {}, {}],
  });
});

test("githubResult() counts points of checks without a verdict nowhere", () => {
  const result = decoded(UNDECIDED);
  expect(result).toMatchObject({ status: "error", max_score: 10 });
  expect(result.tests[2]).toMatchObject({ status: "error", score: 0 });
});

test("githubResult() holds no line that the reporter would print as a command", () => {
  for (const one of HOSTILE_BATCH.submissions) {
    for (const { name, message } of decoded(one).tests) {
      expect(obeyed(`${name}\n${message}\nError: ${message}`)).toEqual([]);
    }
  }
});
