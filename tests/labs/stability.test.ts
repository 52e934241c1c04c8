/**
 * A verdict is the same each time, however busy the machine is: every check of every lab passes its solution three times,
 * with `--soak` fifty times. Of its wrong programs, the first fails its checks; with `--soak` all do.
 */
import { afterAll, beforeAll, describe, test } from "vitest";
import type { Check } from "../../src/grade/mod.ts";
import { discoverLabs, type Lab } from "../../src/lab/mod.ts";
import { BusyCores } from "../busy_cores.ts";
import { cannotRun, ROOT } from "../cli/lab_stage.ts";
import { assemble, type BrokenProgram, brokenPrograms, readRecord } from "./broken_programs.ts";
import { CheckStage } from "./check_stage.ts";

const SOAK = (Deno.env.get("LAB_SOAK") ?? "") !== "";
/** How often solutions are checked. */
const ROUNDS = SOAK ? 50 : 3;
/** Milliseconds: far from what it takes. */
const TIMEOUT = SOAK ? 3_600_000 : 600_000;

/** What is run: a folder's programs, and the checks that pass or fail there. */
interface Case {
  name: string;
  folder: string;
  checks: readonly Check[];
  verdict: "pass" | "fail";
}

describe.skipIf(cannotRun !== "")(`verdicts with all processors busy${because(cannotRun)}`, () => {
  let busy: BusyCores;
  beforeAll(() => void (busy = new BusyCores()));
  afterAll(() => busy[Symbol.asyncDispose]());

  test.concurrent(`solutions pass each check ${ROUNDS} times`, async ({ expect }) => {
    const changed = await everyLab(async (lab, stage) => {
      const folder = `${lab.folder}/solution`;
      const checks = await stage.checks();
      const changed: string[] = [];
      for (let round = 1; round <= ROUNDS; round++) {
        const name = `solution, round ${round}`;
        changed.push(...await otherVerdicts(stage, { name, folder, checks, verdict: "pass" }));
      }
      return changed;
    });
    expect(changed).toEqual([]);
  }, TIMEOUT);

  test.concurrent("wrong programs fail their checks", async ({ expect }) => {
    const changed = await everyLab(async (lab, stage) => {
      const all = brokenPrograms(lab);
      expect(all.length).toBeGreaterThan(0);
      const changed: string[] = [];
      for (const broken of SOAK ? all : all.slice(0, 1)) {
        changed.push(...await wrongPasses(stage, broken));
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
async function otherVerdicts(
  stage: CheckStage,
  { name, folder, checks, verdict }: Case,
): Promise<string[]> {
  const result = await stage.run(folder, checks);
  return result.checks.filter((one) => one.verdict !== verdict)
    .map((one) => `${name}: ${one.id}: ${one.verdict}: ${one.message}`);
}

async function wrongPasses(stage: CheckStage, broken: BrokenProgram): Promise<string[]> {
  const { fails } = readRecord(broken);
  const checks = (await stage.checks()).filter(({ id }) => id in fails);
  const folder = Deno.makeTempDirSync({ prefix: "socklab-broken-" });
  try {
    Deno.chmodSync(folder, 0o755);
    assemble(stage.lab, broken, folder);
    const { name } = broken;
    return await otherVerdicts(stage, { name, folder, checks, verdict: "fail" });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function because(why: string): string {
  return why === "" ? "" : ` (${why})`;
}
