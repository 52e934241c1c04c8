/**
 * JUnit XML, as Jenkins, GitLab and others read it: a suite for each submission. Nobody owns the format; `junit.xsd`
 * has the rules that are kept here. Pure.
 *
 * `failure` is the program's: points are lost, or its files were rejected. `error` is the grader's or the network's: no
 * verdict, no points lost. Points stand among the suite's properties, since a case may have none.
 */
import { feedbackLines } from "../feedback.ts";
import { oneLine } from "../printable.ts";
import type { CheckResult, GradeResult } from "../result.ts";
import { xmlAttribute, xmlText } from "./escape.ts";
import {
  failed,
  type Graded,
  type GradedBatch,
  outcomeOf,
  reasonFor,
  undecided,
} from "./graded.ts";

/** Returns the document. */
export function junit({ lab, seconds, submissions }: GradedBatch): string {
  const suites = submissions.map((one) => suiteOf(lab, one));
  const sum = (key: "tests" | "failures" | "errors") =>
    suites.reduce((total, one) => total + one[key], 0);
  const attributes = {
    name: `socklab ${lab}`,
    ...{ tests: sum("tests"), failures: sum("failures"), errors: sum("errors") },
    time: seconds.toFixed(3),
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    ...element("testsuites", attributes, suites.flatMap(({ lines }) => lines)),
    "",
  ].join("\n");
}

interface Suite {
  tests: number;
  failures: number;
  errors: number;
  lines: string[];
}

function suiteOf(lab: string, graded: Graded): Suite {
  const { name, result } = graded;
  const rejected = outcomeOf(graded) === "rejected";
  const counts = result === null
    ? { tests: 1, failures: rejected ? 1 : 0, errors: rejected ? 0 : 1 }
    : {
      tests: result.checks.length,
      failures: failed(result.checks).length,
      errors: undecided(result.checks).length,
    };
  // A dot would end a package.
  const classname = `${lab}.${name.replaceAll(".", "_")}`;
  const body = result === null
    ? notGraded(classname, graded)
    : [...properties(result), ...result.checks.flatMap((check) => caseOf(classname, check))];
  const attributes = {
    ...{ name, ...counts, skipped: 0 },
    time: (result?.seconds ?? 0).toFixed(3),
    // Without a zone, as the format has it: UTC.
    ...(result === null ? {} : { timestamp: result.started.slice(0, 19), hostname: "localhost" }),
  };
  return { ...counts, lines: element("testsuite", attributes, body) };
}

function properties(result: GradeResult): string[] {
  const { lab, seed, engine, driver, versions, score, max_score, checks } = result;
  const values: Record<string, string | number> = {
    ...{ lab, seed, engine: engine ?? "none", driver: driver ?? "none" },
    ...{ "version.socklab": versions.socklab, "version.deno": versions.deno, score, max_score },
  };
  const open = new Set(undecided(checks));
  for (const check of checks) {
    values[`points.${check.id}`] = `${open.has(check) ? "?" : check.score}/${check.points}`;
  }
  const lines = Object.entries(values).flatMap(([name, value]) =>
    element("property", { name, value })
  );
  return element("properties", {}, lines);
}

function caseOf(suite: string, check: CheckResult): string[] {
  const { id, title, program, seconds, verdict, message } = check;
  const attributes = { classname: `${suite}.${program}`, name: `${id}: ${title}` };
  const judged = verdict === "fail" ? "failure" : "error";
  const body = verdict === "pass" ? [] : [
    `<${judged}${list({ type: verdict, message: message ?? title })}>${
      xmlText(feedbackLines(check).join("\n"))
    }</${judged}>`,
  ];
  return element("testcase", { ...attributes, time: seconds.toFixed(3) }, body);
}

function notGraded(suite: string, graded: Graded): string[] {
  const type = outcomeOf(graded);
  const what = type === "rejected" ? "failure" : "error";
  const attributes = { classname: `${suite}.submission`, name: "is graded", time: "0.000" };
  return element("testcase", attributes, element(what, { type, message: reasonFor(graded) }));
}

type Attributes = Readonly<Record<string, string | number>>;

function list(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${xmlAttribute(oneLine(String(value)))}"`).join("");
}

function element(name: string, attributes: Attributes, body: readonly string[] = []): string[] {
  const head = `<${name}${list(attributes)}`;
  if (body.length === 0) return [`${head}/>`];
  // What is inside is told by elements alone: lines of a failure's own text stay where they are.
  return [`${head}>`, ...body.map((line) => `  ${line}`), `</${name}>`];
}
