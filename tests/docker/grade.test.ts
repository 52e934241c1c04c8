/** A batch graded in containers, to its end or broken off: what it came to, and that nothing of it stays. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { BatchStage, ONLY } from "../grade/batch_stage.ts";
import { until } from "../link/poll.ts";
import { describeDocker } from "./engine.ts";

const patience = 120_000;
const names = ["anna", "bob", "carl"];
let stage: BatchStage;
beforeEach(() => void (stage = new BatchStage("docker")));
afterEach(() => stage[Symbol.asyncDispose]());

/** Moments of a batch, by what can be seen from outside. */
const moments = {
  "a submission's programs have a place": async () =>
    (await stage.containers()).some((name) => name.includes("-sandbox-")),
  "a result is there": () => stage.results().size > 0,
} as const;

describeDocker("a batch in containers", () => {
  test("what it comes to, and that nothing is left", async () => {
    stage.hand("anna");
    stage.hand("bob", "starter");
    const { status, err } = await stage.grade(...ONLY);
    expect({ status, err }).toEqual({ status: 1, err: "" });
    expect(stage.result("anna")).toMatchObject({ engine: "docker", score: 5 });
    expect(stage.result("bob")).toMatchObject({ engine: "docker", score: 0 });
    await stage.clean(5000);
    expect(stage.temporaryFiles()).toEqual([]);
  }, patience);

  for (const [name, reached] of Object.entries(moments)) {
    for (const signal of ["SIGINT", "SIGKILL"] as const) {
      test(`${signal} as soon as ${name}: nothing is left, and the batch goes on`, async () => {
        for (const one of names) stage.hand(one);
        const grading = stage.startGrading(stage.submissions, ...ONLY, "--jobs", "1");
        await until(reached, Boolean, patience);
        grading.signal(signal);
        const { status } = await grading.end(patience);
        if (signal === "SIGINT") expect(status).toBe(130);
        const running = async () => [...stage.processes(), ...await stage.containers()];
        await until(running, (left) => left.length === 0, patience / 4);
        const done = stage.results();
        expect(await stage.resume("--jobs", "2")).toMatchObject({ status: 0, err: "" });
        expect([...stage.results().keys()]).toEqual(names);
        for (const [name, text] of done) expect(stage.results().get(name)).toBe(text);
        await stage.clean(5000);
        expect(stage.temporaryFiles()).toEqual([]);
      }, patience);
    }
  }
});
