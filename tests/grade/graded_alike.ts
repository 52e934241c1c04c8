/**
 * The same verdicts each time: one batch of many copies of a right, a wrong and a slow submission, with all processors busy.
 * Two copies of each; with `--soak` a hundred.
 */
import { describe, expect, test } from "vitest";
import { BusyCores } from "../busy_cores.ts";
import { ROOT } from "../cli/lab_stage.ts";
import { BatchStage } from "./batch_stage.ts";

const SOAK = (Deno.env.get("LAB_SOAK") ?? "") !== "";
/** Copies of each submission. */
const ROUNDS = SOAK ? 100 : 2;
/** Milliseconds: far from what it takes. */
const TIMEOUT = SOAK ? 3_600_000 : 300_000;

const LAB3 = `${ROOT}/labs/lab3-udp-uppercase`;
/** Of either program: bytes, order, signals, a loss, an old answer, a clock. */
const CHECKS = [
  ...["every-byte", "two-clients", "server-stops", "port-taken"],
  ...["client-lines", "client-retries", "client-stale", "ping-statistics"],
];

/** Milliseconds until a slow program does anything; and that a slow server works on a request, and waits. */
const START = 700, WORK = 100, WAIT = 100;
const STARTS_LATE = `await new Promise((resolve) => setTimeout(resolve, ${START}));\n`;
const ANSWERS = "await socket.send(";
const ANSWERS_LATE = `for (const until = Date.now() + ${WORK}; Date.now() < until;);
    await new Promise((resolve) => setTimeout(resolve, ${WAIT}));
    ${ANSWERS}`;

type Programs = Record<"server.ts" | "client.ts", string>;

const read = (path: string) => Deno.readTextFileSync(`${LAB3}/${path}`);
const right: Programs = {
  "server.ts": read("solution/server.ts"),
  "client.ts": read("solution/client.ts"),
};
/** By name, the programs and the checks that they fail. */
const SUBMISSIONS: Record<string, { programs: Programs; fails: string[] }> = {
  right: { programs: right, fails: [] },
  wrong: {
    programs: {
      "server.ts": read("broken/answers-first-client/server.ts"),
      "client.ts": read("broken/takes-any-answer/client.ts"),
    },
    fails: ["two-clients", "client-stale"],
  },
  slow: {
    programs: {
      "server.ts": STARTS_LATE + right["server.ts"].replace(ANSWERS, ANSWERS_LATE),
      "client.ts": STARTS_LATE + right["client.ts"],
    },
    fails: [],
  },
};

/** Grades them on an engine. */
export function gradesAlike(engine: "local" | "docker", cannotRun: string): void {
  const why = cannotRun === "" ? "" : ` (${cannotRun})`;
  describe.skipIf(why !== "")(
    `gradings with all processors busy, on the ${engine} engine${why}`,
    () => {
      test(`a right, a wrong and a slow submission, ${ROUNDS} times each`, async () => {
        await using stage = new BatchStage(engine);
        for (const [name, { programs }] of Object.entries(SUBMISSIONS)) {
          for (let round = 1; round <= ROUNDS; round++) hand(stage, nameOf(name, round), programs);
        }
        await using _busy = new BusyCores();
        const { status, err } = await stage.start([
          ...[
            "grade",
            "lab3",
            stage.submissions,
            "--out",
            stage.batch,
            "--book",
            "none",
            "--trust",
          ],
          ...CHECKS.flatMap((id) => ["--only", id]),
        ]).end(TIMEOUT);
        expect({ status, err }).toEqual({ status: 1, err: "" });
        expect(changed(stage)).toEqual([]);
      }, TIMEOUT);
    },
  );
}

function nameOf(name: string, round: number): string {
  return `${name}-${round}`;
}

function hand(stage: BatchStage, name: string, programs: Programs): void {
  Deno.mkdirSync(`${stage.submissions}/${name}`);
  for (const [file, text] of Object.entries(programs)) {
    Deno.writeTextFileSync(`${stage.submissions}/${name}/${file}`, text);
  }
}

/** A line for each verdict that is another one than it should be, and for each that came only at another attempt. */
function changed(stage: BatchStage): string[] {
  return Object.entries(SUBMISSIONS).flatMap(([kind, { fails }]) =>
    Array.from({ length: ROUNDS }, (_, index) => nameOf(kind, index + 1)).flatMap((name) => {
      const { checks } = stage.result(name);
      expect(checks.map(({ id }) => id).sort()).toEqual(CHECKS.toSorted());
      return checks.filter(({ id, verdict, attempts }) =>
        verdict !== (fails.includes(id) ? "fail" : "pass") || attempts > 1
      ).map(({ id, verdict, attempts, message }) =>
        `${name}: ${id}: ${verdict} after ${attempts}: ${message}`
      );
    })
  );
}
