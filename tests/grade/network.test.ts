/**
 * A network that loses, delays and doubles packets changes no verdict: of lab 1 and lab 3 some checks, a right program
 * passes them and a wrong one fails. With `--soak` right programs of all labs meet all checks, and the same ones more often.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Ambient, GradeResult } from "../../src/grade/mod.ts";
import { discoverLabs, findLab, type Lab } from "../../src/lab/mod.ts";
import { cannotRun, ROOT } from "../cli/lab_stage.ts";
import { assemble, brokenPrograms, readRecord } from "../labs/broken_programs.ts";
import { CheckStage } from "../labs/check_stage.ts";
import { BatchStage, ONLY } from "./batch_stage.ts";

const SOAK = (Deno.env.get("LAB_SOAK") ?? "") !== "";
/** How often the sample is checked, each time with other fates. */
const ROUNDS = SOAK ? 20 : 1;
/** Milliseconds: far from what it takes. */
const TIMEOUT = SOAK ? 3_600_000 : 300_000;

const bothWays = (profile: string): Ambient => ({ up: profile, down: profile });
const ROUGH = bothWays("delay 20ms loss 5% duplicate 5%");
const MILD = bothWays("delay 20ms loss 2% duplicate 2%");
/** One that also changes the order of packets. */
const UNSTEADY = bothWays("delay 20ms 5ms loss 2% duplicate 2%");

const SAMPLE: Record<string, string[]> = {
  lab1: ["once-echo", "split-and-merged", "outlives-reset", "client-split", "client-ends"],
  lab3: ["uppercase", "client-lines", "client-retries", "client-stale", "ping-statistics"],
};
/** Those that fail in few packets: where a check takes hundreds, none of its attempts is without a loss. */
const WRONG: Record<string, string[]> = {
  lab1: ["once-decodes-text", "client-drops-line-end", "dies-on-reset"],
  lab3: ["takes-any-answer", "answers-first-client", "no-retry", "decodes-text"],
};

describe.skipIf(cannotRun !== "")(`on a network of chance${cannotRun && ` (${cannotRun})`}`, () => {
  test.each(SOAK ? [ROUGH, UNSTEADY] : [ROUGH])("right programs pass: $up", async (network) => {
    for (const [lab, ids] of Object.entries(SAMPLE)) {
      for (let round = 0; round < ROUNDS; round++) {
        expect(unlike("pass", await solutionOn(findLab(ROOT, lab), network, { ids, round })))
          .toEqual([]);
      }
    }
  }, TIMEOUT);

  test("wrong programs fail", async () => {
    for (const [lab, names] of Object.entries(WRONG)) {
      for (let round = 0; round < ROUNDS; round++) {
        for (const name of names) {
          expect(unlike("fail", await wrongOn(findLab(ROOT, lab), ROUGH, { name, round })))
            .toEqual([]);
        }
      }
    }
  }, TIMEOUT);

  if (SOAK) {
    test("right programs pass all checks of all labs", async () => {
      const found = await Promise.all(discoverLabs(ROOT).map((lab) => solutionOn(lab, MILD)));
      expect(found.flatMap((result) => unlike("pass", result))).toEqual([]);
    }, TIMEOUT);
  }
});

interface Sample {
  /** Default: all checks. */
  ids?: string[];
  /** Which fates packets meet. */
  round?: number;
}

async function solutionOn(
  lab: Lab,
  network: Ambient,
  { ids, round = 0 }: Sample = {},
): Promise<GradeResult> {
  await using stage = new CheckStage(lab, "local", { ambient: network, seed: seedOf(round) });
  const checks = (await stage.checks()).filter(({ id }) => ids === undefined || ids.includes(id));
  return await stage.run(`${lab.folder}/solution`, checks);
}

/** A wrong program, and the checks that it fails. */
async function wrongOn(
  lab: Lab,
  network: Ambient,
  { name, round }: { name: string; round: number },
): Promise<GradeResult> {
  await using stage = new CheckStage(lab, "local", { ambient: network, seed: seedOf(round) });
  const broken = brokenPrograms(lab).find((one) => one.name === name)!;
  const { fails } = readRecord(broken);
  const folder = Deno.makeTempDirSync({ prefix: "socklab-broken-" });
  try {
    Deno.chmodSync(folder, 0o755);
    assemble(lab, broken, folder);
    return await stage.run(folder, (await stage.checks()).filter(({ id }) => id in fails));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Of rounds whose attempts have no seed in common. */
function seedOf(round: number): bigint {
  return BigInt(1000 * (round + 1));
}

function unlike(verdict: "pass" | "fail", { lab, checks }: GradeResult): string[] {
  expect(checks.length).toBeGreaterThan(0);
  return checks.filter((one) => one.verdict !== verdict)
    .map(({ id, verdict, message }) => `${lab} ${id}: ${verdict}: ${message}`);
}

describe.skipIf(cannotRun !== "")("a batch on a network of chance", () => {
  let stage: BatchStage;
  beforeEach(() => void (stage = new BatchStage()));
  afterEach(() => stage[Symbol.asyncDispose]());
  const NETEM = ["--netem", "delay 5ms loss 1%"];
  const network = bothWays("delay 5ms loss 1%");

  test("has it in the heading, journal and results; a replay has it too", async () => {
    stage.hand("anna");
    const { status, out, err } = await stage.grade(...ONLY, ...NETEM, "--seed", "7");
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(out).toContain(", seed 7, on a network with 'delay 5ms loss 1%', ");
    expect(JSON.parse(stage.read("batch.json"))).toMatchObject({ netem: network });
    expect(stage.result("anna")).toMatchObject({ netem: network, score: 5 });
    const result = `${stage.batch}/submissions/anna/result.json`;
    const replay = (...args: string[]) =>
      stage.lab("grade", "lab1", "--replay", result, "--trust", ...args);
    const again = await replay("--json");
    expect(JSON.parse(again.out)).toMatchObject({ same: true, result: { netem: network } });
    const other = await replay("--netem", "none");
    expect(other.err).toContain("The network is another now: a perfect wire, then 'delay 5ms");
  });

  test("does not go on with another one", async () => {
    stage.hand("anna");
    await stage.grade(...ONLY);
    const { status, err } = await stage.resume(...NETEM);
    expect({ status, err }).toMatchObject({
      status: 2,
      err: expect.stringContaining("the batch began with another network"),
    });
  });
});
