/** What the tests of batches stand on: submissions of lab 1, a folder for what comes of them, and what is left behind. */
import type { GradeResult } from "../../src/grade/mod.ts";
import { type Result, ROOT, type RunningLab } from "../cli/lab_stage.ts";
import { DockerStage } from "../docker/docker_stage.ts";

/** A check of one server, a third of a second; and one that a starter fails. */
export const ONLY = ["--only", "once-echo"] as const;
/** Milliseconds for a batch: far from what it takes. */
const DEADLINE_MS = 60_000;

const LAB1 = `${ROOT}/labs/lab1-echo`;

/** A stage with submissions, on either engine. */
export class BatchStage extends DockerStage {
  readonly #engine: "local" | "docker";
  readonly submissions = `${this.folder}/submissions`;
  readonly batch = `${this.folder}/batch`;
  /** The folder of the gradebook. */
  readonly book = `${this.folder}/book`;
  /** Where programs of this stage put temporary files. */
  readonly temporary = `${this.folder}/tmp`;

  constructor(engine: "local" | "docker" = "local") {
    super();
    this.#engine = engine;
    Deno.mkdirSync(this.submissions);
    Deno.mkdirSync(this.temporary);
  }

  override get env(): Record<string, string> {
    const own = { LAB_ENGINE: this.#engine, TMPDIR: this.temporary, LAB_OUT: this.out };
    return { ...super.env, ...own };
  }

  /** Hands in a folder of lab 1: of its solution, its starter, or one of its wrong programs. */
  hand(name: string, what = "solution"): string {
    const folder = `${this.submissions}/${name}`;
    Deno.mkdirSync(folder);
    for (const part of what.startsWith("broken/") ? ["solution", what] : [what]) {
      for (const { name: file } of Deno.readDirSync(`${LAB1}/${part}`)) {
        if (!/^[a-z_]+\.ts$/.test(file)) continue;
        Deno.copyFileSync(`${LAB1}/${part}/${file}`, `${folder}/${file}`);
      }
    }
    return folder;
  }

  /** Starts `./lab grade lab1 ARGS`, into this stage's folder. */
  startGrading(...args: string[]): RunningLab {
    const book = `${this.book}/grades.sqlite`;
    return this.start(["grade", "lab1", "--out", this.batch, "--trust", "--book", book, ...args]);
  }

  /** Grades what was handed in, to its end. */
  grade(...args: string[]): Promise<Result> {
    return this.startGrading(this.submissions, ...args).end(DEADLINE_MS);
  }

  /** Goes on with the batch, to its end. */
  resume(...args: string[]): Promise<Result> {
    return this.startGrading("--resume", ...args).end(DEADLINE_MS);
  }

  /** The text of a file of the batch. */
  read(path: string): string {
    return Deno.readTextFileSync(`${this.batch}/${path}`);
  }

  /** The names of the batch's folders of submissions. */
  folders(): string[] {
    return namesIn(`${this.batch}/submissions`);
  }

  /** The texts of the results that there are, by their folders. */
  results(): Map<string, string> {
    return new Map(
      this.folders().flatMap((name): [string, string][] => {
        const path = `submissions/${name}/result.json`;
        return namesIn(`${this.batch}/submissions/${name}`).includes("result.json")
          ? [[name, this.read(path)]]
          : [];
      }),
    );
  }

  /** A result that is there. */
  result(name: string): GradeResult {
    return JSON.parse(this.read(`submissions/${name}/result.json`)) as GradeResult;
  }

  /** The runs of the gradebook. */
  async entered(): Promise<{ submission: string; outcome: string; score: number | null }[]> {
    const book = `${this.book}/grades.sqlite`;
    const { status, out, err } = await this.lab("grades", "--book", book, "--json");
    if (status !== 0) throw new Error(err);
    return JSON.parse(out).runs;
  }

  /** Files and folders that the stage's programs have left where temporary ones go. */
  temporaryFiles(): string[] {
    return namesIn(this.temporary);
  }
}

function namesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  } catch {
    return []; // Not there yet.
  }
}
