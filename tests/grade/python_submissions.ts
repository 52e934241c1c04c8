/**
 * Submissions in Python, as an instructor has them graded: for each lab one that is right, of programs under names of their
 * own, and one with a wrong program in it; with `--soak`, each wrong program on record, and all of that in containers.
 */
import { describe, expect, test } from "vitest";
import type { EngineName } from "../../src/engine/mod.ts";
import type { GradeResult } from "../../src/grade/mod.ts";
import { LabStage } from "../cli/lab_stage.ts";
import {
  FAILS,
  type PythonPrograms,
  rightPrograms,
  wrongPrograms,
} from "../foreign/python_programs.ts";

const SOAK = (Deno.env.get("LAB_SOAK") ?? "") !== "";
/** Milliseconds: far from what it takes. */
const TIMEOUT = 600_000;

/** Of the wrong programs, servers and clients, those that are always among them. */
const WRONG: Readonly<Record<string, string>> = {
  lab1: "client-one-recv",
  lab2: "one-recv",
  lab3: "decodes",
  lab4: "no-zone",
  lab5: "from-zero",
  lab6: "client-text",
};

/** Labs whose programs are graded in containers, too, where time is short: one whose server writes files is among them. */
const IN_CONTAINERS = ["lab1", "lab5"];

/** Has them graded on an engine; `why` they cannot be, where they cannot. */
export function gradesPython(engine: EngineName, why: string): void {
  const graded = Object.entries(WRONG)
    .filter(([lab]) => SOAK || engine === "local" || IN_CONTAINERS.includes(lab));
  const suite = `submissions in Python, ${engine} engine ${why}`.trim();
  describe.skipIf(why !== "")(suite, () => {
    test.each(graded)("%s: right ones, and %s", async (lab, always) => {
      await using stage = new LabStage();
      const folder = `${stage.folder}/submissions`;
      handIn(`${folder}/right`, lab);
      const wrong = wrongPrograms(lab).filter(({ name }) => SOAK || name === always);
      for (const one of wrong) handIn(`${folder}/${one.name}`, lab, one);
      const trust = engine === "local" ? ["--trust"] : [];
      const asked = ["--engine", engine, ...trust, "--out", stage.out, "--book", "none"];
      const { status, err } = await stage.start(["grade", lab, folder, ...asked]).end(TIMEOUT);
      expect(status, err).toBe(1);
      expect(lost(stage, "right")).toEqual({ ids: [], points: 0 });
      for (const { name } of wrong) {
        expect(lost(stage, name).ids, name).toEqual([...FAILS[lab]![name]!].sort());
      }
    }, TIMEOUT);
  });
}

/** Writes a submission: a right program of each name, unless it is the wrong one. */
function handIn(folder: string, lab: string, wrong?: PythonPrograms): void {
  const programs = new Map<string, string>();
  for (const { folder, stems } of [...rightPrograms(lab), ...wrong === undefined ? [] : [wrong]]) {
    for (const stem of stems) programs.set(stem, `${folder}/${stem}.py`);
  }
  Deno.mkdirSync(folder, { recursive: true });
  const commands = [...programs].map(([stem, path]) => {
    Deno.copyFileSync(path, `${folder}/my_${stem}.py`);
    return [stem, ["python3", `my_${stem}.py`]];
  });
  const manifest = { ...Object.fromEntries(commands), image: "python" };
  Deno.writeTextFileSync(`${folder}/submission.json`, JSON.stringify(manifest));
}

/** What a submission has lost points by. */
function lost({ out }: LabStage, name: string): { ids: string[]; points: number } {
  const path = `${out}/submissions/${name}/result.json`;
  const result = JSON.parse(Deno.readTextFileSync(path)) as GradeResult;
  const failed = result.checks.filter(({ verdict }) => verdict !== "pass");
  expect(failed.filter(({ verdict }) => verdict !== "fail")).toEqual([]);
  return { ids: failed.map(({ id }) => id).sort(), points: result.max_score - result.score };
}
