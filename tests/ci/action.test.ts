/** `action.yml`, run as a runner of GitHub Actions runs it, from a clone of its own. */
import { describe, expect, test } from "vitest";
import { cannotRun } from "../cli/lab_stage.ts";
import { ONLY, PATIENCE, useCi } from "./ci_stage.ts";
import { obeyed } from "./github_commands.ts";

const ci = useCi();
const LOCAL = { engine: "local", trust: "true" };
const given = { lab: "lab1", only: ONLY, seed: "7", ...LOCAL };
const commands = (log: string) => obeyed(log).map((line) => line.split(/[: ]+/)[1]);

describe.skipIf(cannotRun !== "")("on this machine", () => {
  test("a right submission: outputs, a summary, and its result for the reporter", async () => {
    ci.stage.hand("mine");
    // None of this is for the grader.
    Deno.writeTextFileSync(`${ci.stage.workspace}/deno.json`, "{ not JSON");
    Deno.writeTextFileSync(`${ci.stage.workspace}/.npmrc`, "registry=http://127.0.0.1:9/");
    const { status, log, summary, outputs: { action: out } } = await ci.stage.runner()
      .action({ ...given, path: "mine", formats: "junit, csv\ntap" });
    expect(log).toContain("1/1  mine: ");
    expect(status).toBe(0);
    const { results, result, ...rest } = out!;
    const points = rest.score;
    expect(rest).toEqual({
      ...{ status: "0", outcome: "graded", score: points, "max-score": points, "not-judged": "0" },
    });
    expect([...Deno.readDirSync(results!)].map(({ name }) => name).sort()).toEqual([
      ...["batch.json", "junit.xml", "results.csv", "results.json", "results.md", "results.tap"],
      "submissions",
    ]);
    expect(JSON.parse(atob(result!))).toMatchObject({ status: "pass", max_score: Number(points) });
    expect(summary).toContain(`<code>${ONLY}</code>`);
    expect(commands(log)).toEqual(["notice"]);
  }, PATIENCE);

  test("a wrong one: the step fails, and says why where GitHub shows it", async () => {
    ci.stage.hand("mine", "starter");
    const { status, log, outputs } = await ci.stage.runner().action({ ...given, path: "mine" });
    expect({ status, told: outputs.action!.status }).toEqual({ status: 1, told: "1" });
    expect(outputs.action).toMatchObject({ outcome: "graded", score: "0" });
    expect(obeyed(log).at(-1)).toMatch(`::error title=${ONLY}::`);
    const again = await ci.stage.runner().action({ ...given, path: "mine", "fail-on": "fault" });
    expect({ status: again.status, told: again.outputs.action!.status })
      .toEqual({ status: 0, told: "1" });
  }, PATIENCE);

  test("several, of names that are commands: one table, and no command but ours", async () => {
    const hostile = "::error::a\n::add-mask::b ##[error]c $(touch broken) `touch broken` %0A";
    ci.stage.hand("all/ada");
    ci.stage.hand(`all/${hostile}`);
    Deno.mkdirSync(`${ci.stage.workspace}/all/nothing`);
    const { status, log, summary, outputs } = await ci.stage.runner()
      .action({ ...given, path: "all", "fail-on": "fault" });
    expect({ status, told: outputs.action!.status }).toEqual({ status: 2, told: "2" });
    expect(commands(log)).toEqual(["notice", "notice", "error"]);
    expect(summary).toContain("ada");
    expect(outputs.action).toMatchObject({ outcome: "", score: "", result: "" });
  }, PATIENCE);

  test("paths and checks may be several", async () => {
    for (const name of ["ada", "bob"]) ci.stage.hand(name);
    const { log, outputs } = await ci.stage.runner()
      .action({ ...given, path: "ada\n\nbob\n", only: `${ONLY}, once-next` });
    expect(log).toContain("Grading 2 submissions of lab1, seed 7, ");
    const { results } = outputs.action!;
    const { checks } = JSON.parse(Deno.readTextFileSync(`${results}/batch.json`));
    expect(checks).toEqual([ONLY, "once-next"]);
  }, PATIENCE);
});

test("no input is ever a command", async () => {
  const { workspace } = ci.stage;
  const evil = `x"; touch '${workspace}/broken'; $(touch '${workspace}/broken')\n--help`;
  const inputs = ["lab", "path", "formats", "jobs", "seed", "only", "policy", "image", "timeout"];
  for (const name of [...inputs, "engine", "trust", "fail-on"]) {
    const { status } = await ci.stage.runner()
      .action({ ...given, path: "mine", [name]: evil });
    expect({ name, status }).toEqual({ name, status: 2 });
  }
  expect([...Deno.readDirSync(workspace)]).toEqual([]);
}, PATIENCE);

test.each<[string, Record<string, string>, RegExp]>([
  ["nothing to trust", { trust: "false" }, /lab: Use --engine docker, or add --trust/],
  ["no such path", { path: "no/such" }, /lab: Give a folder or file that exists/],
  ["a wrong fail-on", { "fail-on": "never" }, /Give fail-on lost or fault/],
])("%s: the step fails, and an annotation says where to look", async (_, inputs, message) => {
  ci.stage.hand("mine");
  const { status, log, summary } = await ci.stage.runner()
    .action({ ...given, path: "mine", ...inputs });
  expect({ status, summary }).toEqual({ status: 2, summary: "" });
  expect(log).toMatch(message);
  expect(commands(log)).toEqual(["error"]);
}, PATIENCE);
