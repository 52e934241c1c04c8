/** What the tests of CI stand on: the checkout as a repository that others use, and students' work. */
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { type EngineName } from "../../src/engine/mod.ts";
import { LabStage, type Result, RunningLab } from "../cli/lab_stage.ts";
import { publish, ROOT } from "./checkout.ts";
import { GithubRunner, type RunnerOptions } from "./github_runner.ts";

/** A check of one server of lab 1, a third of a second. */
export const ONLY = "once-echo";
/** Milliseconds for a job: far from what it takes. */
export const PATIENCE = 240_000;

/** The checkout, as a repository with one commit. */
interface Published {
  path: string;
  commit: string;
}

/** A machine of CI. */
export class CiStage extends LabStage {
  /** What actions and scripts fetch. */
  readonly socklab: Published;
  /** Where a job's own repository is. */
  readonly workspace = `${this.folder}/work space`;
  readonly #engine: EngineName;

  constructor(socklab: Published, engine: EngineName) {
    super();
    this.socklab = socklab;
    this.#engine = engine;
    for (const path of [this.workspace, `${this.folder}/tmp`]) Deno.mkdirSync(path);
  }

  override get env(): Record<string, string> {
    return {
      ...super.env,
      ...{ LAB_ENGINE: this.#engine, TMPDIR: `${this.folder}/tmp` },
      // What was fetched before the tests is there for another HOME, too.
      DENO_DIR: Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`,
    };
  }

  /** Hands in a folder of lab 1: its solution, its starter, or one of its wrong programs. */
  hand(path: string, what = "solution"): void {
    const lab = `${ROOT}/labs/lab1-echo`;
    const folder = `${this.workspace}/${path}`;
    Deno.mkdirSync(folder, { recursive: true });
    for (const part of what.startsWith("broken/") ? ["solution", what] : [what]) {
      for (const { name } of Deno.readDirSync(`${lab}/${part}`)) {
        if (!/^[a-z_]+\.ts$/.test(name)) continue;
        Deno.copyFileSync(`${lab}/${part}/${name}`, `${folder}/${name}`);
      }
    }
  }

  /** Runs a script of bash in the workspace to its end. */
  script(text: string, env: Record<string, string> = {}): Promise<Result> {
    const options = { cwd: this.workspace, env: { ...this.env, ...env } };
    return new RunningLab(["bash", "-c", text], options).end(PATIENCE);
  }

  /** A runner of GitHub Actions, in the workspace. */
  runner(options: Partial<RunnerOptions> = {}): GithubRunner {
    const { folder: temporary, workspace, socklab, env } = this;
    return new GithubRunner({ temporary, workspace, action: socklab.path, env, ...options });
  }
}

/** Gives each test of a file a machine of its own; what they fetch is the same. */
export function useCi(engine: EngineName = "local"): { readonly stage: CiStage } {
  const holder: { stage: CiStage } = { stage: undefined as unknown as CiStage };
  let base = "", socklab: Published;
  beforeAll(() => {
    base = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "socklab-ci-" }));
    const path = `${base}/socklab`;
    socklab = { path, commit: publish(path) };
  });
  afterAll(() => Deno.removeSync(base, { recursive: true }));
  beforeEach(() => void (holder.stage = new CiStage(socklab, engine)));
  afterEach(async () => await holder.stage[Symbol.asyncDispose]());
  return holder;
}
