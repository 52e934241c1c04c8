import { afterEach, beforeEach, expect, test } from "vitest";
import type { GradeResult } from "../result.ts";
import { RejectedError } from "../submission/mod.ts";
import { BatchFolder } from "./batch_folder.ts";
import { CHECKS, journalOf, resultOf } from "./batch_for_test.ts";
import { type BatchEnd, gradeBatch } from "./grade_batch.ts";
import type { Journal, JournalEntry } from "./journal.ts";

let base = "";
let notices: string[] = [];
/** Names in the order of their gradings. */
let gradings: string[] = [];
let disposed = 0;
beforeEach(() => {
  base = Deno.makeTempDirSync({ prefix: "socklab-batch-" });
  [notices, gradings, disposed, lanes] = [[], [], 0, []];
});
afterEach(() => Deno.removeSync(base, { recursive: true }));

type Act = (entry: JournalEntry, signal: AbortSignal) => Promise<GradeResult>;

/** On how many testbeds at once each grader was to grade. */
let lanes: number[] = [];

/** Grades a batch by `act`. */
async function grade(
  journal: Journal,
  act: Act,
  {
    signal = new AbortController().signal,
    ready = () => Promise.resolve(),
    jobs = 2,
    checks = CHECKS,
  } = {},
): Promise<BatchEnd> {
  using folder = BatchFolder.take(base);
  await folder.begin(journal);
  return await gradeBatch(folder, journal, {
    title: "Echo",
    checks,
    jobs,
    grader: (count) => ({
      ready: () => (lanes.push(count), ready()),
      async grade(entry, told, own) {
        gradings.push(entry.name);
        const result = await act(entry, own);
        for (const one of result.checks) told.onResult?.(one);
        return result;
      },
      [Symbol.asyncDispose]: () => Promise.resolve(void disposed++),
    }),
    context: () => ({ env: () => undefined, now: new Date(), token: () => "t" }),
    watch: {
      ...{ begin() {}, check() {}, result() {}, end() {} },
      notice: (line) => notices.push(line),
    },
    signal,
  });
}

const names = ({ submissions }: BatchEnd) => submissions.map(({ name }) => name);
const later = () => new Promise<void>((resolve) => setTimeout(resolve));

test("results are in the order of names, whichever ends first", async () => {
  const journal = journalOf("anna", "bob", "carl", "dora");
  const first = Promise.withResolvers<void>();
  const end = await grade(journal, async (entry) => {
    if (entry.name === "anna") await first.promise;
    if (entry.name === "dora") first.resolve();
    return resultOf(journal, entry);
  });
  expect(names(end)).toEqual(["anna", "bob", "carl", "dora"]);
  expect(end.documents).toEqual(["results.json"]);
  const { submissions } = JSON.parse(Deno.readTextFileSync(`${base}/results.json`));
  expect(submissions.map((one: { name: string }) => one.name)).toEqual(names(end));
  expect(disposed).toBe(2);
});

test.each([[1, 4, 4], [3, 2, 2], [2, 4, 2], [1, 1, 2], [1, 9, 5]])(
  "%i submissions, %i at a time: the checks of each on %i testbeds, as far as there are as many",
  async (count, jobs, wanted) => {
    const journal = journalOf(...["anna", "bob", "carl"].slice(0, count));
    const checks = [...CHECKS, ...CHECKS, ...CHECKS].slice(0, 5);
    const act: Act = (entry) => Promise.resolve(resultOf(journal, entry));
    await grade(journal, act, { jobs, checks });
    expect(lanes).toEqual([wanted]);
  },
);

test("one that cannot be graded is tried once more, and loses no other", async () => {
  const journal = journalOf("anna", "bob", "carl");
  const end = await grade(journal, (entry) => {
    const again = gradings.filter((name) => name === entry.name).length > 1;
    if (entry.name === "bob") throw new Error("The link broke");
    if (entry.name === "anna" && !again) throw new Error("The link broke");
    return Promise.resolve(resultOf(journal, entry));
  });
  expect(end.submissions.map(({ result, fault }) => [result?.score, fault])).toEqual([
    [100, null],
    [undefined, "The link broke"],
    [100, null],
  ]);
  expect(notices.sort()).toEqual([
    "anna is graded once more: The link broke",
    "bob is graded once more: The link broke",
  ]);
});

test("one that is rejected is not tried again", async () => {
  const journal = journalOf("anna");
  const end = await grade(journal, () => {
    throw new RejectedError("Hand in a server");
  });
  expect(end.submissions).toMatchObject([{ rejected: "Hand in a server", result: null }]);
  expect(gradings).toEqual(["anna"]);
});

test("what was rejected from the start is not graded", async () => {
  const journal = journalOf("anna", "bob");
  Object.assign(journal.submissions[0]!, { hash: null, rejected: "Hand in a folder" });
  const end = await grade(journal, (entry) => Promise.resolve(resultOf(journal, entry)));
  expect(end.submissions.map(({ rejected }) => rejected)).toEqual(["Hand in a folder", null]);
  expect(gradings).toEqual(["bob"]);
});

test("a batch that goes on grades what has no whole result, and nothing else", async () => {
  const journal = journalOf("anna", "bob", "carl");
  const stop = new AbortController();
  const act: Act = async (entry, signal) => {
    if (entry.name === "carl") stop.abort(new Error("Interrupted"));
    await later();
    signal.throwIfAborted();
    return resultOf(journal, entry);
  };
  await expect(grade(journal, act, { signal: stop.signal, jobs: 1 })).rejects.toThrow(
    "Interrupted",
  );
  expect(disposed).toBe(1);
  // One that was being written when its grader was killed.
  Deno.writeTextFileSync(`${base}/submissions/bob/result.json`, "{");
  gradings = [];
  const end = await grade(journal, (entry) => Promise.resolve(resultOf(journal, entry)));
  expect(gradings).toEqual(["bob", "carl"]);
  expect(end.submissions.map(({ kept }) => kept)).toEqual([true, false, false]);
  expect(end.submissions.every(({ result }) => result?.score === 100)).toBe(true);
});

test("where nothing can be graded, the batch fails, not its submissions", async () => {
  const journal = journalOf("anna", "bob");
  const ready = () => Promise.reject(new Error("Install iproute2"));
  const act: Act = (entry) => Promise.resolve(resultOf(journal, entry));
  await expect(grade(journal, act, { ready })).rejects.toThrow("Install iproute2");
  expect(gradings).toEqual([]);
  expect(disposed).toBe(1);
});

test("where a result cannot be written, the others end too", async () => {
  const journal = journalOf("anna", "bob", "carl");
  Deno.mkdirSync(`${base}/submissions/anna/result.json`, { recursive: true });
  let aborted = false;
  const act: Act = async (entry, signal) => {
    if (entry.name === "bob") {
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      aborted = true;
      signal.throwIfAborted();
    }
    return resultOf(journal, entry);
  };
  await expect(grade(journal, act)).rejects.toThrow(/^Give --out a folder that you can write/);
  expect(aborted).toBe(true);
  expect(gradings).toEqual(["anna", "bob"]);
});

test("where a document of what is judged so far cannot be written, the batch ends, too", async () => {
  const journal: Journal = { ...journalOf("anna", "bob"), formats: ["gradescope"] };
  Deno.mkdirSync(`${base}/submissions/anna`, { recursive: true });
  Deno.writeTextFileSync(`${base}/submissions/anna/gradescope`, "");
  const act: Act = (entry) => Promise.resolve(resultOf(journal, entry));
  await expect(grade(journal, act, { jobs: 1 })).rejects.toThrow(/^Give --out a folder/);
  expect(gradings).toEqual(["anna"]);
});
