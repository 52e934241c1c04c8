/** CI as most have it, with Docker: our action, a student's repository with all of a lab, docs/grading.md. */
import { expect, test } from "vitest";
import { ROOT } from "../ci/checkout.ts";
import { PATIENCE, useCi } from "../ci/ci_stage.ts";
import { describeGradingDocument } from "../ci/grading_document.ts";
import { gitlabJob } from "../ci/shell_job.ts";

const ci = useCi("docker");

test("a student's repository is graded whole, by the workflow as it is", async () => {
  const { stage } = ci;
  stage.hand("lab1");
  const workflow = Deno.readTextFileSync(
    `${ROOT}/templates/student-repo/.github/workflows/grade.yml`,
  );
  const { status, outputs, summary, log } = await stage.runner({
    contexts: { matrix: { lab: "lab1" } },
  }).job(workflow);
  expect(log).toContain("1/1  lab1: 100/100");
  expect(status).toBe(0);
  expect(outputs.socklab).toMatchObject({ score: "100", "max-score": "100", "not-judged": "0" });
  expect(summary).toContain("100 of 100 points");
}, PATIENCE);

test("GitLab's job grades by the engine that it is given", async () => {
  const { stage } = ci;
  stage.hand("lab1");
  const text = Deno.readTextFileSync(`${ROOT}/templates/gitlab/.gitlab-ci.yml`);
  const { script, variables: { DOCKER_HOST: _, ...variables } } = gitlabJob(text, "grade");
  const { status, out } = await stage.script(script, {
    ...variables,
    ...{ SOCKLAB_URL: `file://${stage.socklab.path}`, SOCKLAB_COMMIT: stage.socklab.commit },
    ...{ LAB: "lab1", CI_PROJECT_DIR: stage.workspace, GRADE_OPTIONS: "--only once-echo" },
  });
  expect(out).toMatch(/^1\/1 {2}lab1: (\d+)\/\1$/m);
  expect(status).toBe(0);
}, PATIENCE);

// On the local engine it is read each time.
if ((Deno.env.get("LAB_SOAK") ?? "") !== "") describeGradingDocument("docker");
