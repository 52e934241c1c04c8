/**
 * A verdict is the same each time, however busy the machine is: every check of every lab against its solution, and those
 * that wrong programs fail against these. Three times; with `--soak` fifty times, and all wrong programs.
 */
import { describe, expect, test } from "vitest";
import type { Check } from "../../src/grade/mod.ts";
import { discoverLabs, type Lab } from "../../src/lab/mod.ts";
import { BusyCores } from "../busy_cores.ts";
import { cannotRun, ROOT } from "../cli/lab_stage.ts";
import { assemble, type BrokenProgram, brokenPrograms, readRecord } from "./broken_programs.ts";
import { CheckStage } from "./check_stage.ts";

const SOAK = (Deno.env.get("LAB_SOAK") ?? "") !== "";
const SHORT = (Deno.env.get("LAB_SHORT") ?? "") !== "";
/** How often solutions are checked, and wrong programs: each of those lets checks wait. */
const ROUNDS = SOAK ? 50 : 3;
const WRONG_ROUNDS = SHORT ? 1 : 3;
/** Milliseconds: far from what it takes. */
const TIMEOUT = SOAK ? 3_600_000 : 600_000;

/** What is run again and again: a folder's programs, and the checks that pass or fail there. */
interface Case {
  name: string;
  folder: string;
  checks: readonly Check[];
  verdict: "pass" | "fail";
}

describe.skipIf(cannotRun !== "")(`verdicts with all processors busy${because(cannotRun)}`, () => {
  test(`solutions pass each check ${times(ROUNDS)}`, async () => {
    await using _busy = new BusyCores();
    const changed = await everyLab(async (lab, stage) => {
      const folder = `${lab.folder}/solution`;
      const checks = await stage.checks();
      return await repeat(stage, ROUNDS, { name: "solution", folder, checks, verdict: "pass" });
    });
    expect(changed).toEqual([]);
  }, TIMEOUT);

  test(`wrong programs fail their checks ${times(WRONG_ROUNDS)}`, async () => {
    await using _busy = new BusyCores();
    const changed = await everyLab(async (lab, stage) => {
      const all = brokenPrograms(lab);
      expect(all.length).toBeGreaterThan(0);
      const changed: string[] = [];
      for (const broken of SOAK ? all : all.slice(0, 1)) {
        changed.push(...await repeatWrong(stage, broken));
      }
      return changed;
    });
    expect(changed).toEqual([]);
  }, TIMEOUT);
});

/** Works on all labs at once, each on a testbed of its own; returns what they found, lab by lab. */
async function everyLab(
  work: (lab: Lab, stage: CheckStage) => Promise<string[]>,
): Promise<string[]> {
  const found = await Promise.all(
    discoverLabs(ROOT).map(async (lab) => {
      await using stage = new CheckStage(lab, "local");
      return (await work(lab, stage)).map((line) => `${lab.manifest.id} ${line}`);
    }),
  );
  return found.flat();
}

/** Returns a line for each verdict that was another one than expected. */
async function repeat(
  stage: CheckStage,
  rounds: number,
  { name, folder, checks, verdict }: Case,
): Promise<string[]> {
  const changed: string[] = [];
  for (let round = 1; round <= rounds; round++) {
    const result = await stage.run(folder, checks);
    for (const one of result.checks) {
      if (one.verdict === verdict) continue;
      changed.push(`${name}, round ${round}: ${one.id}: ${one.verdict}: ${one.message}`);
    }
  }
  return changed;
}

async function repeatWrong(stage: CheckStage, broken: BrokenProgram): Promise<string[]> {
  const { fails } = readRecord(broken);
  const checks = (await stage.checks()).filter(({ id }) => id in fails);
  const folder = Deno.makeTempDirSync({ prefix: "socklab-broken-" });
  try {
    Deno.chmodSync(folder, 0o755);
    assemble(stage.lab, broken, folder);
    const { name } = broken;
    return await repeat(stage, WRONG_ROUNDS, { name, folder, checks, verdict: "fail" });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

function because(why: string): string {
  return why === "" ? "" : ` (${why})`;
}
