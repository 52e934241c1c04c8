/** What hostile submissions are graded on: a folder of them between honest ones, and files that none of them may reach. */
import type { GradeResult } from "../../src/grade/mod.ts";
import { discoverLabs } from "../../src/lab/mod.ts";
import { type Result, ROOT } from "../cli/lab_stage.ts";
import { DockerStage } from "../docker/docker_stage.ts";
import { filesBelow } from "./host_state.ts";
import { copyPrograms, type Hostile, layOut } from "./hostile_submissions.ts";

/** Honest ones that come last, so that each testbed meets one after the hostile ones that it had. */
const AFTERWARDS = 4;
const DEADLINE_MS = 900_000;
/** What a step of a workflow may write. */
const WORKFLOW = ["GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_STEP_SUMMARY", "GITHUB_PATH"];

/** How a submission came out: what `results.json` has of it. */
export interface GradedOne {
  name: string;
  rejected: string | null;
  result: GradeResult | null;
}

/** A stage with submissions of one lab. */
export class HostileStage extends DockerStage {
  readonly #submissions = `${this.folder}/submissions`;
  readonly #batch = `${this.folder}/batch`;
  readonly #canary = `${this.folder}/canary`;
  readonly #lab: string;
  readonly #labFolder: string;
  readonly #checks: readonly string[];
  /** What each is called. */
  readonly names = new Map<Hostile, string>();

  /** Lays out what is handed in: hostile ones that meet these checks, honest ones before and after them. */
  constructor(lab: string, checks: readonly string[], hostile: readonly Hostile[]) {
    super();
    this.#lab = lab;
    this.#checks = checks;
    Deno.mkdirSync(this.#submissions);
    Deno.mkdirSync(this.#canary);
    Deno.writeTextFileSync(`${this.#canary}/alive`, "yes\n");
    for (const name of WORKFLOW) Deno.writeTextFileSync(`${this.#canary}/${name}`, "");
    for (const one of hostile) this.names.set(one, layOut(one, this.#submissions));
    const { folder } = discoverLabs(ROOT).find(({ manifest }) => manifest.id === lab)!;
    this.#labFolder = folder;
    for (const name of this.neighbours) {
      copyPrograms(`${folder}/solution`, `${this.#submissions}/${name}`);
    }
  }

  /** The names of the honest ones: `0` comes before what has letters, `z` behind. */
  get neighbours(): string[] {
    return ["0", ...Array.from({ length: AFTERWARDS }, (_, index) => `zz${index}`)]
      .map((order) => `${order}-neighbour`);
  }

  override get env(): Record<string, string> {
    const workflow = WORKFLOW.map((name) => [name, `${this.#canary}/${name}`]);
    return { ...super.env, ...Object.fromEntries(workflow), LAB_OUT: this.out, CI: "true" };
  }

  /** Grades all of them, in documents of these formats. */
  grade(...formats: string[]): Promise<Result> {
    const args = ["grade", this.#lab, this.#submissions, "--out", this.#batch, "--book", "none"];
    for (const check of this.#checks) args.push("--only", check);
    for (const format of ["json", ...formats]) args.push("--format", format);
    return this.start(args).end(DEADLINE_MS);
  }

  /** How each came out, by its name. */
  outcomes(): Map<string, GradedOne> {
    const document = JSON.parse(this.read("results.json")) as { submissions: GradedOne[] };
    return new Map(document.submissions.map((one) => [one.name, one]));
  }

  /** A document of the batch. */
  read(name: string): string {
    return Deno.readTextFileSync(`${this.#batch}/${name}`);
  }

  /** What none of them may change: what was handed in, files beside it, the lab; and whether one has left its mark. */
  untouchable(): string[] {
    const mark = [...Deno.readDirSync("/tmp")].filter(({ name }) => name === "socklab-canary");
    return [
      ...mark.map(({ name }) => name),
      ...[this.#submissions, this.#canary, this.#labFolder].flatMap(filesBelow),
    ];
  }
}
