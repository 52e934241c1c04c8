/**
 * A lab's checks against programs in Python: right ones pass them all, wrong ones fail those that name their mistake. Of
 * the wrong ones the first meets all of its program's checks, the others do so with `--soak`; without, they meet those
 * that they fail.
 */
import { afterAll, describe, expect, test } from "vitest";
import { findLab } from "../../src/lab/mod.ts";
import { cannotRun, ROOT } from "../cli/lab_stage.ts";
import { CheckStage } from "../labs/check_stage.ts";
import { StagePool } from "../labs/stage_pool.ts";
import { FAILS, type PythonPrograms, rightPrograms, wrongPrograms } from "./python_programs.ts";
import { lacking, preferPythonItself } from "./tools.ts";

const SOAK = (Deno.env.get("LAB_SOAK") ?? "") !== "";
/** Milliseconds: far from what it takes. */
const TIMEOUT = 300_000;
/** Programs that are checked at once. */
const AT_ONCE = 3;

/** Holds a lab's checks against them. */
export function checksPython(id: string): void {
  const why = cannotRun || lacking("python3");
  if (why === "") preferPythonItself();
  describe.skipIf(why !== "")(`${id}'s checks of programs in Python ${why}`.trim(), () => {
    const stages = new StagePool(AT_ONCE, () => new CheckStage(findLab(ROOT, id), "local"));
    afterAll(() => stages[Symbol.asyncDispose](), TIMEOUT);

    /** Runs those of the programs' checks that `wanted` names. */
    const check = ({ folder, stems }: PythonPrograms, wanted: (id: string) => boolean) =>
      stages.on(async (stage) => {
        const checks = (await stage.checks()).filter(({ id, program }) =>
          stems.includes(program) && wanted(id)
        );
        return (await stage.run(folder, checks)).checks;
      });

    test("there is a wrong program for each on record", () => {
      expect(wrongPrograms(id).map(({ name }) => name)).toEqual(Object.keys(FAILS[id]!).sort());
    });

    test.concurrent.each(rightPrograms(id).map((one): [string, PythonPrograms] => [one.name, one]))(
      "%s: all points",
      async (_, programs) => {
        const results = await check(programs, () => true);
        expect(results.length).toBeGreaterThan(0);
        expect(results.filter(({ verdict }) => verdict !== "pass")).toEqual([]);
      },
      TIMEOUT,
    );

    test.concurrent.each(
      wrongPrograms(id).map((one, i): [string, PythonPrograms, boolean] => {
        return [one.name, one, i === 0 || SOAK];
      }),
    )("wrong/%s: fails what names its mistake", async (name, programs, whole) => {
      const fails = FAILS[id]![name]!;
      const results = await check(programs, (id) => whole || fails.includes(id));
      const others = results.filter(({ verdict }) => verdict !== "pass" && verdict !== "fail");
      expect(others).toEqual([]);
      expect(results.filter(({ verdict }) => verdict === "fail").map((one) => one.id).sort())
        .toEqual([...fails].sort());
    }, TIMEOUT);
  });
}
