/**
 * A lab's checks against servers in Python: right ones pass them all, wrong ones fail those that name their mistake. Of
 * the wrong ones the first meets all of its program's checks, the others do so with `--soak`; without, they meet those
 * that they fail.
 */
import { afterAll, describe, expect, test } from "vitest";
import { findLab } from "../../src/lab/mod.ts";
import { cannotRun, ROOT } from "../cli/lab_stage.ts";
import { CheckStage } from "../labs/check_stage.ts";
import { FAILS, type PythonPrograms, rightPrograms, wrongPrograms } from "./python_programs.ts";
import { lacking } from "./tools.ts";

const SOAK = (Deno.env.get("LAB_SOAK") ?? "") !== "";
/** Milliseconds: far from what it takes. */
const TIMEOUT = 300_000;

/** Finds Python itself first, where `python3` is a script that looks for one: that takes ten times as long to start. */
function preferPythonItself(): void {
  const asked = ["-c", "import os, sys; print(os.path.dirname(sys.executable))"];
  const { stdout } = new Deno.Command("python3", { args: asked, stdin: "null" }).outputSync();
  const folder = new TextDecoder().decode(stdout).trim();
  Deno.env.set("PATH", `${folder}:${Deno.env.get("PATH") ?? ""}`);
}

/** Holds all of a lab's checks of servers against them. */
export function checksPython(id: string): void {
  const why = cannotRun || lacking("python3");
  if (why === "") preferPythonItself();
  describe.skipIf(why !== "")(`${id}'s checks of servers in Python ${why}`.trim(), () => {
    const stage = new CheckStage(findLab(ROOT, id), "local");
    afterAll(() => stage[Symbol.asyncDispose](), TIMEOUT);

    const checksOf = async ({ stems }: PythonPrograms) =>
      (await stage.checks()).filter(({ program }) => stems.includes(program));

    test("there is a wrong program for each on record", () => {
      expect(wrongPrograms(id).map(({ name }) => name)).toEqual(Object.keys(FAILS[id]!).sort());
    });

    test.each(rightPrograms(id).map((one): [string, PythonPrograms] => [one.name, one]))(
      "%s: all points",
      async (_, programs) => {
        const result = await stage.run(programs.folder, await checksOf(programs));
        expect(result.checks.length).toBeGreaterThan(0);
        expect(result.checks.filter(({ verdict }) => verdict !== "pass")).toEqual([]);
      },
      TIMEOUT,
    );

    test.each(
      wrongPrograms(id).map((one, i): [string, PythonPrograms, boolean] => {
        return [one.name, one, i === 0 || SOAK];
      }),
    )("wrong/%s: fails what names its mistake", async (name, programs, whole) => {
      const fails = FAILS[id]![name]!;
      const checks = (await checksOf(programs)).filter((check) =>
        whole || fails.includes(check.id)
      );
      const result = await stage.run(programs.folder, checks);
      const others = result.checks.filter(({ verdict }) =>
        verdict !== "pass" && verdict !== "fail"
      );
      expect(others).toEqual([]);
      expect(result.checks.filter(({ verdict }) => verdict === "fail").map((one) => one.id).sort())
        .toEqual([...fails].sort());
    }, TIMEOUT);
  });
}
