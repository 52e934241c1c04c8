/** The step of `action.yml` where `./lab grade` ends as it does not every day: a stand-in of it, and the real script. */
import { expect, test } from "vitest";
import { ROOT } from "./checkout.ts";
import { useStage } from "../cli/lab_stage.ts";
import { obeyed } from "./github_commands.ts";
import { GithubRunner, type JobEnd } from "./github_runner.ts";

const context = useStage();

/** Runs the action where `./lab grade` writes these files into its folder, and ends so. */
async function run(
  files: Record<string, string>,
  status: number,
  given: Record<string, string> = {},
): Promise<JobEnd> {
  const { folder: temporary, env } = context.stage;
  const action = `${temporary}/action`;
  Deno.mkdirSync(`${action}/scripts`, { recursive: true });
  for (const path of ["action.yml", "scripts/github_action.sh"]) {
    Deno.copyFileSync(`${ROOT}/${path}`, `${action}/${path}`);
  }
  const writes = Object.keys(files).map((path, index) => {
    Deno.writeTextFileSync(`${action}/${index}`, files[path]!);
    return `install -D ${index} "$3/${path}"`;
  });
  const lab = ["#!/bin/sh -e", ...writes, 'printf "%s\\n" "::error::$*"', `exit ${status}`];
  Deno.writeTextFileSync(`${action}/lab`, lab.join("\n"), { mode: 0o755 });
  const runner = new GithubRunner({ temporary, workspace: temporary, action, env });
  return await runner.action({ lab: "lab1", ...given });
}

const one = {
  "results.json": "{}",
  "results.md": "All of them\n",
  "submissions/ada/github/log.txt": "::notice::Done\n",
  "submissions/ada/github/summary.md": "Ada's\n",
  "submissions/ada/github/outputs.txt": "outcome=graded\nscore=3\nmax-score=5\nnot-judged=2\n",
  "submissions/ada/github/result.txt": "e30=\n",
};

test("what was not judged fails the step, whatever it is to fail on", async () => {
  for (const on of ["lost", "fault"]) {
    const { status, outputs, summary } = await run(one, 3, { "fail-on": on });
    expect({ status, summary }).toEqual({ status: 3, summary: "Ada's\n" });
    expect(outputs.action).toMatchObject({
      ...{ status: "3", outcome: "graded", score: "3", "max-score": "5", "not-judged": "2" },
      result: "e30=",
    });
  }
});

test("an interrupted batch is told where it lies, and graded no further", async () => {
  const { status, log, summary, outputs } = await run({ "batch.json": "{}" }, 130);
  expect({ status, summary }).toEqual({ status: 130, summary: "" });
  expect(obeyed(log)).toEqual([
    "::error title=Socklab::Nothing was graded to its end: the log of this step says why",
  ]);
  expect(outputs.action!.results).toMatch(/\/socklab-\w+$/);
});

test("what `./lab grade` prints is never obeyed", async () => {
  const { log } = await run(one, 0, { seed: "1\n::error::x" });
  expect(log).toContain("\n::error::grade --out ");
  expect(obeyed(log)).toEqual(["::notice::Done"]);
});

test("a summary that GitHub would refuse is left out, and said to be", async () => {
  const { status, summary } = await run({
    ...one,
    "submissions/bob/github/log.txt": "",
    "results.md": "x".repeat(1_000_001),
  }, 0);
  expect(status).toBe(0);
  expect(summary).toMatch(/^The results are too long .*`results\.md`.*\n$/);
});
