/**
 * A runner of GitHub Actions, as far as our workflows and our action need one: steps in bash with the files and variables
 * that GitHub documents, expressions by GitHub's own engine. Actions of others are stood in for.
 */
import { parse } from "@std/yaml/parse";
import { filled, holds } from "./github_expressions.ts";

/** A step of a workflow or of a composite action. */
interface Step {
  id?: string;
  name?: string;
  if?: string;
  run?: string;
  uses?: string;
  env?: Record<string, string>;
  with?: Record<string, unknown>;
}

/** What a job was given and what came of it. */
export interface JobEnd {
  status: number;
  /** What all steps printed. */
  log: string;
  /** What all steps wrote into their summaries. */
  summary: string;
  /** Outputs of steps by their ids. */
  outputs: Record<string, Record<string, string>>;
  /** What was uploaded: names, and folders. */
  uploads: Record<string, string>;
}

/** What a runner is given. */
export interface RunnerOptions {
  /** A folder of its own. */
  temporary: string;
  /** Where a job's repository is checked out. */
  workspace: string;
  /** Our action's checkout. */
  action: string;
  env: Readonly<Record<string, string>>;
  /** Contexts besides `inputs` and `steps`. */
  contexts?: Readonly<Record<string, unknown>>;
  /** Inputs of our action that a test would have otherwise than the workflow. */
  given?: Readonly<Record<string, string>>;
}

/** Runs steps one after the other. */
export class GithubRunner {
  readonly #options: RunnerOptions;
  readonly #end: JobEnd = { status: 0, log: "", summary: "", outputs: {}, uploads: {} };
  #files = 0;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /** Runs the steps of a workflow's only job, with its inputs. */
  async job(workflow: string, inputs: Record<string, string> = {}): Promise<JobEnd> {
    const { jobs } = parse(workflow) as { jobs: Record<string, { steps: Step[] }> };
    const [job] = Object.values(jobs);
    return await this.#run(job!.steps, { inputs }, this.#end.outputs);
  }

  /** Runs our action. */
  async action(given: Record<string, string>): Promise<JobEnd> {
    await this.#composite(given, this.#end.outputs.action = {});
    return this.#end;
  }

  async #run(
    steps: readonly Step[],
    contexts: Record<string, unknown>,
    outputs: Record<string, Record<string, string>>,
    env: Record<string, string> = {},
  ): Promise<JobEnd> {
    for (const [index, step] of steps.entries()) {
      const known = {
        ...{ steps: {}, matrix: {}, secrets: {}, github: {} },
        ...this.#options.contexts,
        ...contexts,
      };
      known.steps = Object.fromEntries(
        Object.entries(outputs).map(([id, one]) => [id, { outputs: one }]),
      );
      const status = { failed: this.#end.status !== 0 };
      if (!holds(step.if ?? "success()", known, status)) continue;
      const fill = (value: unknown) => filled(String(value), known, status);
      const fillAll = (values: Record<string, unknown> = {}) =>
        Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fill(value)]));
      const own = outputs[step.id ?? `step-${index}`] = {};
      if (step.run !== undefined) {
        await this.#bash(fill(step.run), { ...env, ...fillAll(step.env) }, own);
      } else await this.#uses(step.uses!, fillAll(step.with), own);
    }
    return this.#end;
  }

  async #uses(uses: string, given: Record<string, string>, outputs: Record<string, string>) {
    const [name] = uses.split("@");
    if (name === "actions/upload-artifact") this.#end.uploads[given.name!] = given.path!;
    else if (name === "OWNER/socklab") {
      await this.#composite({ ...given, ...this.#options.given }, outputs);
    } // The test has checked the repository out.
    else if (name !== "actions/checkout") throw new Error(`There is nothing here for ${uses}`);
  }

  async #composite(given: Record<string, string>, outputs: Record<string, string>) {
    const { action } = this.#options;
    const file = parse(Deno.readTextFileSync(`${action}/action.yml`)) as {
      inputs: Record<string, { required?: boolean; default?: string }>;
      outputs: Record<string, { value: string }>;
      runs: { steps: Step[] };
    };
    const inputs = Object.fromEntries(
      Object.entries(file.inputs).map(([name, { default: value }]) => [
        name,
        given[name] ?? value ?? "",
      ]),
    );
    const inner: Record<string, Record<string, string>> = {};
    await this.#run(file.runs.steps, { inputs }, inner, { GITHUB_ACTION_PATH: action });
    const steps = Object.fromEntries(
      Object.entries(inner).map(([id, one]) => [id, { outputs: one }]),
    );
    for (const [name, { value }] of Object.entries(file.outputs)) {
      outputs[name] = filled(value, { steps }, { failed: false });
    }
  }

  /** `shell: bash`, as GitHub documents it. */
  async #bash(script: string, env: Record<string, string>, outputs: Record<string, string>) {
    const { temporary, workspace } = this.#options;
    const path = (name: string) => `${temporary}/${this.#files}-${name}`;
    this.#files++;
    const files = { GITHUB_OUTPUT: path("output"), GITHUB_STEP_SUMMARY: path("summary") };
    for (const file of Object.values(files)) Deno.writeTextFileSync(file, "");
    Deno.writeTextFileSync(path("script.sh"), script);
    const child = new Deno.Command("bash", {
      args: ["--noprofile", "--norc", "-c", 'exec 2>&1; exec "$@"', "bash"].concat(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", path("script.sh")],
      ),
      cwd: workspace,
      env: {
        ...{ CI: "true", GITHUB_ACTIONS: "true", RUNNER_TEMP: temporary },
        ...{ GITHUB_WORKSPACE: workspace, ...files, ...this.#options.env, ...env },
      },
      stdin: "null",
    });
    const { code, stdout } = await child.output();
    this.#end.log += new TextDecoder().decode(stdout);
    this.#end.summary += Deno.readTextFileSync(files.GITHUB_STEP_SUMMARY);
    if (code !== 0) this.#end.status = code;
    for (const line of Deno.readTextFileSync(files.GITHUB_OUTPUT).split("\n").filter(Boolean)) {
      const [, name = "", value = ""] = /^([a-z-]+)=(.*)$/.exec(line) ?? [];
      if (name === "") throw new Error(`GitHub would not read this output: ${line}`);
      outputs[name] = value;
    }
  }
}
