/** `action.yml` and the templates' workflows against what GitHub publishes, and against what is safe. */
import { parse } from "@std/yaml/parse";
import { describe, expect, test } from "vitest";
import { sourceFiles } from "../../scripts/source_files.ts";
import { ROOT } from "./checkout.ts";
import { githubFaults } from "./github_files.ts";

const read = (path: string) => Deno.readTextFileSync(`${ROOT}/${path}`);
const workflows = sourceFiles(ROOT, "templates")
  .filter((path) => /\/\.github\/workflows\/\w+\.yml$/.test(path));

test("there are workflows to look at", () => expect(workflows.length).toBeGreaterThan(1));

test("githubFaults() finds what GitHub would refuse", () => {
  const workflow = read(workflows[0]!);
  expect(githubFaults("workflow", workflow.replace("runs-on:", "run-on:"))).not.toEqual([]);
  expect(githubFaults("workflow", workflow.replaceAll("steps.", "step.")))
    .not.toEqual([]);
  expect(githubFaults("action", read("action.yml").replace("shell: bash", ""))).not.toEqual([]);
  expect(githubFaults("workflow", "jobs: {")).not.toEqual([]);
});

interface Step {
  run?: string;
  uses?: string;
  with?: Record<string, unknown>;
}

describe("action.yml", () => {
  const text = read("action.yml");
  const { inputs, runs: { steps } } = parse(text) as {
    inputs: Record<string, { required?: boolean }>;
    runs: { steps: (Step & { env: Record<string, string> })[] };
  };

  test("is what GitHub calls an action", () => expect(githubFaults("action", text)).toEqual([]));

  test("has no expression in a script, and each input in the environment", () => {
    for (const { run } of steps) expect(run).not.toContain("${{");
    const wanted = Object.keys(inputs).map((name) => `\${{ inputs.${name} }}`);
    expect(Object.values(steps[0]!.env)).toEqual(wanted);
    const script = read("scripts/github_action.sh");
    for (const name of Object.keys(steps[0]!.env)) {
      const option = name.replace("INPUT_", "").toLowerCase();
      expect(script).toMatch(new RegExp(`\\$${name}\\b|^for name in .*\\b${option}\\b`, "m"));
    }
  });

  test.each(workflows)("has the inputs that %s gives it, and those that it needs", (path) => {
    const { jobs } = parse(read(path)) as { jobs: Record<string, { steps: Step[] }> };
    const all = Object.values(jobs).flatMap(({ steps }) => steps);
    const given = all.filter(({ uses }) => uses?.startsWith("OWNER/socklab@"))
      .map((step) => Object.keys(step.with ?? {}));
    expect(given.length).toBe(1);
    for (const name of given[0]!) expect(Object.keys(inputs)).toContain(name);
    for (const [name, { required }] of Object.entries(inputs)) {
      if (required) expect(given[0]).toContain(name);
    }
  });
});

describe.each(workflows)("%s", (path) => {
  const text = read(path);

  test("is what GitHub calls a workflow", () => {
    expect(githubFaults("workflow", text)).toEqual([]);
  });

  test("may read, and nothing else; runs nothing that a stranger can change", () => {
    const workflow = parse(text) as {
      permissions: unknown;
      jobs: Record<string, { permissions?: unknown; "timeout-minutes"?: number; steps: Step[] }>;
    };
    expect(workflow.permissions).toEqual({ contents: "read" });
    expect(text).not.toMatch(/pull_request_target|workflow_run/);
    for (const job of Object.values(workflow.jobs)) {
      expect(job.permissions).toBeUndefined();
      expect(job["timeout-minutes"]).toBeGreaterThan(0);
      for (const { run, uses } of job.steps) {
        expect(run ?? "").not.toContain("${{");
        expect(uses ?? "").toMatch(/^$|@[0-9a-f]{40}$|^OWNER\/socklab@COMMIT$/);
        if (uses?.startsWith("actions/checkout")) {
          expect(text).toContain("persist-credentials: false");
        }
      }
    }
  });
});
