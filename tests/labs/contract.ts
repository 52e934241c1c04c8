/**
 * The contract that every lab keeps: its solution gets all points, its starter fails without an error, each of its wrong
 * programs fails exactly the checks on record with the feedback on record, and its handout shows what its commands print.
 *
 * In a run of all tests a wrong program meets the checks that it is to fail, and in containers the first of them. With
 * `--soak`, or where only some files are tested, it meets all: that it fails no others is held there.
 *
 * `SOCKLAB_WRITE_FEEDBACK=1` writes the feedback of wrong programs anew instead of comparing it.
 */
import { afterAll, describe, expect, test } from "vitest";
import { type Check, programsOf, recordedLines } from "../../src/grade/mod.ts";
import { findLab, type Lab } from "../../src/lab/mod.ts";
import { cannotRun, ROOT } from "../cli/lab_stage.ts";
import { dockerAnswers } from "../docker/engine.ts";
import {
  assemble,
  type BrokenProgram,
  brokenPrograms,
  comparable,
  concerned,
  readRecord,
  writeRecord,
} from "./broken_programs.ts";
import { CheckStage } from "./check_stage.ts";
import { StagePool } from "./stage_pool.ts";
import { loadChecks } from "../../scripts/check_lab.ts";
import { describeHandout } from "./handout.ts";

const SOAK = (Deno.env.get("LAB_SOAK") ?? "") !== "";
const SHORT = (Deno.env.get("LAB_SHORT") ?? "") !== "";
/** Milliseconds for all checks of a submission: a wrong program may let each wait. */
const TIMEOUT = SOAK ? 1_200_000 : 300_000;
const WRITE = (Deno.env.get("SOCKLAB_WRITE_FEEDBACK") ?? "") !== "";

/** The engine: Vitest's project for containers says so. */
const ENGINE = Deno.env.get("SOCKLAB_CONTRACT_ENGINE") === "docker" ? "docker" : "local";

/** Why labs cannot run on it; empty where they can. */
const NOT_HERE = ENGINE === "docker" ? await dockerAnswers() : cannotRun;

/** Wrong programs that are checked at once. */
const AT_ONCE = ENGINE === "local" ? 3 : 2;

/**
 * Holds the contract against a lab.
 *
 * @param url Of the lab's `checks.test.ts`.
 */
export function keepsContract(url: string): void {
  const folder = decodeURIComponent(new URL(".", url).pathname).replace(/\/$/, "");
  const lab = findLab(ROOT, folder.slice(folder.lastIndexOf("/") + 1));
  const { id } = lab.manifest;
  const why = NOT_HERE === "" ? "" : ` (${NOT_HERE})`;
  describe.skipIf(why !== "")(`${id} on the ${ENGINE} engine${why}`, () => {
    const stages = new StagePool(AT_ONCE, () => new Stage(lab, ENGINE));
    afterAll(() => stages[Symbol.asyncDispose](), TIMEOUT);
    // The checks of each program on a stage of their own: those of a starter wait most of the time.
    const run = async (folder: string) => {
      const results = await Promise.all(
        programsOf(lab).map((program) =>
          stages.on(async (stage) => {
            const checks = (await stage.checks()).filter((check) => check.program === program);
            return (await stage.run(folder, checks)).checks;
          })
        ),
      );
      return results.flat();
    };

    test("checks are named, worded and weighed as students read them", async () => {
      expect(faultsOf(lab, await loadChecks(lab))).toEqual([]);
    });

    test.concurrent("solution gets all points", async () => {
      const checks = await run(`${lab.folder}/solution`);
      expect(checks.filter(({ verdict }) => verdict !== "pass")).toEqual([]);
      expect(checks.reduce((sum, { score }) => sum + score, 0)).toBe(100);
    }, TIMEOUT);

    test.concurrent("starter fails, without an error", async () => {
      const checks = await run(`${lab.folder}/starter`);
      expect(new Set(checks.map(({ verdict }) => verdict)).has("fail")).toBe(true);
      expect(checks.filter(({ verdict }) => verdict === "error" || verdict === "inconclusive"))
        .toEqual([]);
    }, TIMEOUT);

    test.concurrent.each(
      brokenPrograms(lab).map((one): [string, BrokenProgram] => [one.name, one]),
    )(
      "broken/%s fails exactly the checks on record, with that feedback",
      async (_, broken) => {
        await stages.on((stage) => stage.holdAgainstRecord(broken));
      },
      TIMEOUT,
    );

    if (ENGINE === "local") describeHandout(lab);
  });
}

/** Faults in how checks are written down. */
function faultsOf(lab: Lab, checks: readonly Check[]): string[] {
  const programs = programsOf(lab);
  const ids = checks.map(({ id }) => id);
  const sum = checks.reduce((total, { points }) => total + points, 0);
  return [
    ...(sum === 100 ? [] : [`the points are ${sum}, not 100`]),
    ...ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `${id} is there twice`),
    ...checks.flatMap(({ id, title, hint, points, program }) => [
      ...(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id) ? [] : [`${id}: no id`]),
      ...(Number.isInteger(points) && points > 0 ? [] : [`${id}: ${points} points`]),
      ...(programs.includes(program) ? [] : [`${id}: no program ${program}`]),
      ...[title, hint].filter((text) => /\.$|\n/.test(text))
        .map((text) => `${id}: a full stop or a line break in "${text}"`),
    ]),
  ];
}

/** The stage of the contract, and what is on record. */
class Stage extends CheckStage {
  async holdAgainstRecord(broken: BrokenProgram): Promise<void> {
    const record = readRecord(broken);
    const all = concerned(await this.checks(), broken);
    const failing = all.filter(({ id }) => id in record.fails);
    const whole = ENGINE === "local" ? !SHORT : SOAK;
    const checks = whole ? all : ENGINE === "local" ? failing : failing.slice(0, 1);
    const folder = Deno.makeTempDirSync({ prefix: "socklab-broken-" });
    try {
      Deno.chmodSync(folder, 0o755);
      assemble(this.lab, broken, folder);
      const result = await this.run(folder, checks);
      const wrong = result.checks.filter(({ verdict }) => verdict !== "pass");
      expect(wrong.filter(({ verdict }) => verdict !== "fail")).toEqual([]);
      const fails = Object.fromEntries(wrong.map((one) => [one.id, recordedLines(one)]));
      if (WRITE && ENGINE === "local") return writeRecord(broken, { ...record, fails });
      if (whole || ENGINE === "local") {
        expect(Object.keys(fails).sort()).toEqual(Object.keys(record.fails).sort());
      }
      // How fast programs start and how bytes are cut is another in containers: so are bytes and figures.
      const terse = ENGINE === "docker";
      const wanted = Object.fromEntries(
        checks.flatMap(({ id }) => record.fails[id] === undefined ? [] : [[id, record.fails[id]]]),
      );
      expect(comparable(fails, record, terse)).toEqual(comparable(wanted, record, terse));
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  }
}
