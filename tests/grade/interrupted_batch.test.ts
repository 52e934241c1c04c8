/**
 * A batch that is interrupted or killed: what is done stays done, the rest is graded when it goes on, and nothing else is
 * left on the machine. A sample; with `--soak` twenty batches of twenty.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exists } from "../../scripts/paths.ts";
import { cannotRun } from "../cli/lab_stage.ts";
import { until } from "../link/poll.ts";
import { BatchStage, ONLY } from "./batch_stage.ts";

const SOAK = (Deno.env.get("LAB_SOAK") ?? "") !== "";
const [ROUNDS, COUNT] = SOAK ? [20, 20] : [2, 6];
/** Milliseconds: far from what it takes. */
const TIMEOUT = 120_000;
/** How often a grader is killed in a round, at most. */
const KILLS = 3;

let stage: BatchStage;
beforeEach(() => void (stage = new BatchStage()));
afterEach(() => stage[Symbol.asyncDispose]());

const names = Array.from({ length: COUNT }, (_, i) => `s${String(i + 1).padStart(2, "0")}`);

/** Moments from 0 to 1, the same in each run. */
function* moments(): Generator<number, never> {
  for (let state = 7;;) yield (state = state * 48_271 % 2_147_483_647) / 2_147_483_647;
}

/** Each has one result, the book has each once, and nothing is left but these. */
async function expectWhole(): Promise<void> {
  expect([...stage.results().keys()]).toEqual(names);
  for (const name of names) {
    expect(stage.result(name)).toMatchObject({ submission: name, score: 5 });
    const files = [...Deno.readDirSync(`${stage.batch}/submissions/${name}`)];
    expect(files.map((file) => file.name)).toEqual(["result.json"]);
  }
  const entered = await stage.entered();
  expect(entered.map(({ submission }) => submission).sort()).toEqual(names);
}

describe.skipIf(cannotRun !== "")(`where labs run ${cannotRun}`, () => {
  test(
    "killed at any moment, a batch goes on: each result once, none lost, nothing left",
    async () => {
      for (const name of names) stage.hand(name);
      // How long it takes, for moments within.
      const began = performance.now();
      expect(await stage.grade(...ONLY)).toMatchObject({ status: 0, err: "" });
      const whole = performance.now() - began;
      const moment = moments();
      for (let round = 1; round <= ROUNDS; round++) {
        for (const folder of [stage.batch, stage.book]) {
          Deno.removeSync(folder, { recursive: true });
        }
        for (let kill = 1; kill <= KILLS; kill++) {
          // Killed before it had begun, it begins.
          const resume = exists(`${stage.batch}/batch.json`);
          const grading = stage.startGrading(resume ? "--resume" : stage.submissions, ...ONLY);
          const started = performance.now();
          const at = moment.next().value * whole / kill;
          await until(() => performance.now() - started, (ms) => ms >= at, TIMEOUT);
          const done = stage.results();
          grading.signal("SIGKILL");
          await grading.end();
          await until(() => stage.processes(), (left) => left.length === 0, TIMEOUT / 2);
          // Whatever was done is whole, and stays as it is.
          for (const [name, text] of done) expect(stage.results().get(name)).toBe(text);
        }
        const done = stage.results();
        const resume = exists(`${stage.batch}/batch.json`);
        const { status, err } = await (resume ? stage.resume(...ONLY) : stage.grade(...ONLY));
        expect({ status, err }).toEqual({ status: 0, err: "" });
        for (const [name, text] of done) expect(stage.results().get(name)).toBe(text);
        await expectWhole();
      }
      // What a killed grader could not remove, the next one has: one that grades anything.
      await stage.lab("check", "lab1", `${stage.submissions}/${names[0]}`, ...ONLY);
      expect(stage.left()).toEqual([]);
    },
    SOAK ? 3_600_000 : TIMEOUT,
  );

  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s: status 130, what is done stays, nothing runs on, and the line that goes on is printed",
    async (signal) => {
      for (const name of names) stage.hand(name);
      const grading = stage.startGrading(stage.submissions, ...ONLY, "--jobs", "1");
      await grading.printed(/^1\/\d+ {2}/m);
      grading.signal(signal);
      const { status, err } = await grading.end();
      expect(status).toBe(130);
      expect(stage.left()).toEqual([]);
      expect(stage.temporaryFiles()).toEqual([]);
      const done = stage.results();
      const [, command] = /^lab: Broken off with \d\/\d+ done; to go on: (.*)\n$/.exec(err)!;
      const again = await stage.shell(command!);
      expect(again).toMatchObject({ status: 0, err: "" });
      for (const [name, text] of done) expect(stage.results().get(name)).toBe(text);
      await expectWhole();
    },
    TIMEOUT,
  );

  test(
    "a batch that is done goes on with nothing to do, and writes what is asked for",
    async () => {
      for (const name of names) stage.hand(name);
      await stage.grade(...ONLY);
      const done = stage.results();
      const { status, out } = await stage.resume("--format", "csv");
      expect(status).toBe(0);
      expect(out).toMatch(new RegExp(`; ${COUNT} were graded before$`, "m"));
      expect(stage.results()).toEqual(done);
      expect(stage.read("results.csv").trimEnd().split(/\r?\n/)).toHaveLength(COUNT + 1);
      await expectWhole();
    },
    TIMEOUT,
  );

  test("a result that is not whole, or of something else, is graded again", async () => {
    for (const name of names.slice(0, 3)) stage.hand(name);
    await stage.grade(...ONLY);
    const path = (name: string) => `${stage.batch}/submissions/${name}/result.json`;
    const first = stage.read("submissions/s01/result.json");
    Deno.writeTextFileSync(path("s01"), first.slice(0, 100));
    Deno.writeTextFileSync(path("s02"), first.replace('"seed": "', '"seed": "9'));
    const kept = stage.read("submissions/s03/result.json");
    const { status, out } = await stage.resume();
    expect(status).toBe(0);
    expect(out).toMatch(/; 1 was graded before$/m);
    expect(stage.results().size).toBe(3);
    expect(stage.read("submissions/s03/result.json")).toBe(kept);
  }, TIMEOUT);

  test("what has changed is not graded on: one line says what", async () => {
    const anna = stage.hand("anna");
    stage.hand("bob");
    await stage.grade(...ONLY, "--seed", "5");
    const line = (why: string) => ({
      ...{ status: 2, out: "" },
      err: `lab: Leave out --resume to grade all anew: ${why}\n`,
    });
    expect(await stage.resume("--seed", "6")).toEqual(
      line("the batch began with another seed (5, now 6)"),
    );
    expect(await stage.resume("--only", "once-bytes")).toEqual(
      line("the batch began with another choice of checks"),
    );
    Deno.writeTextFileSync(`${anna}/server.ts`, "// Changed");
    expect(await stage.resume()).toEqual(line("anna has changed since the batch began"));
    Deno.removeSync(anna, { recursive: true });
    expect(await stage.resume(stage.submissions)).toEqual(line("anna is not there any more"));
  }, TIMEOUT);
});
