/** `./lab grade` as an instructor has it: many submissions, on the local engine. */
import Ajv2020 from "ajv/dist/2020.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exists } from "../../scripts/paths.ts";
import { cannotRun, ROOT } from "../cli/lab_stage.ts";
import { until } from "../link/poll.ts";
import { BatchStage, ONLY } from "./batch_stage.ts";

const patience = 120_000;
let stage: BatchStage;
beforeEach(() => void (stage = new BatchStage()));
afterEach(() => stage[Symbol.asyncDispose]());

/** A server of lab 1 that starts and does nothing. */
const IDLE = "setInterval(() => {}, 1000);";

const validator = (path: string) =>
  new Ajv2020.default({ strict: true, allowUnionTypes: true }).compile(
    JSON.parse(Deno.readTextFileSync(`${ROOT}/src/grade/${path}`)),
  );

test.each<[string, (stage: BatchStage) => string[], RegExp]>([
  ["no path", () => [], /^Give PATH: \.\/lab grade lab1 PATH/],
  ["no such path", ({ folder }) => [`${folder}/none`], /^Give a folder or file that exists/],
  ["an empty folder", ({ temporary }) => [temporary], /^Give a folder .* is empty/],
  ["an archive", (stage) => [stage.program("a.zip", "PK\x03\x04")], /^Unpack .*a\.zip/],
  ["unknown check", (at) => [at.hand("a"), "--only", "once-ecko"], /did you mean once-echo/],
  [
    "no check left",
    (at) => [`${at.hand("a")}/server.ts`, ...ONLY],
    /^Leave out server\.ts, or --only/,
  ],
  ["unknown format", (stage) => [stage.hand("a"), "--format", "html"], /--format one of text/],
  [
    "a format without its variables",
    (stage) => [stage.hand("a"), "--format", "classroom50"],
    /Set /,
  ],
  ["no jobs", (stage) => [stage.hand("a"), "--jobs", "0"], /--jobs .* at least 1/],
  ["no time", (stage) => [stage.hand("a"), "--timeout", "0"], /--timeout/],
  ["wrong seed", (stage) => [stage.hand("a"), "--seed", "x"], /--seed/],
  ["no policy there", (stage) => [stage.hand("a"), "--policy", "/no/such"], /--policy a file/],
  ["a wrong policy", (at) => [at.hand("a"), "--policy", at.program("p", "[]")], /^Write an object/],
  ["an image", (stage) => [stage.hand("a"), "--image", "python"], /leave out --image/],
  ["a book that is none", (at) => [at.hand("a"), "--book", at.program("b", "No book")], /b\b/],
  ["nothing to go on with", () => ["--resume"], /there is no batch in/],
  ["a result that is not there", () => ["--replay", "/no/such"], /--replay a file/],
  ["a result that is none", (at) => ["--replay", at.program("r", "{}")], /--replay the result/],
])("%s is a usage fault", async (_, args, message) => {
  const given = args(stage);
  const { status, out, err } = await stage.startGrading(...given).end();
  expect({ status, out }).toEqual({ status: 2, out: "" });
  expect(err).toMatch(/^lab: .+[^.\n]\n$/);
  expect(err.slice("lab: ".length)).toMatch(message);
  expect(stage.left()).toEqual([]);
  expect(exists(`${stage.batch}/batch.json`)).toBe(false);
});

test.each(["/dev/null/batch", "/proc/no/such"])("results into %s: a usage fault", async (out) => {
  const { status, err } = await stage.lab(
    "grade",
    "lab1",
    stage.hand("a"),
    "--trust",
    "--out",
    out,
  );
  expect(status).toBe(2);
  expect(err).toMatch(/^lab: Give --out a folder that you can write, not [^\n]+\n$/);
});

test("the local engine grades what its user trusts, and says why it grades nothing else", async () => {
  const { status, out, err } = await stage.lab("grade", "lab1", stage.hand("a"));
  expect({ status, out }).toEqual({ status: 2, out: "" });
  expect(err).toMatch(/^lab: .* add --trust: on the local engine programs run as you, .*[^.]\n$/);
  expect(exists(`${stage.out}/lab1/grades`)).toBe(false);
});

describe.skipIf(cannotRun !== "")(`where labs run ${cannotRun}`, () => {
  test(
    "a batch: a result for each, in the order of names, and the worst of them as status",
    async () => {
      const names = ["anna", "bob b", "c'd\"\n", "zoe"];
      for (const name of names.slice(0, 3)) stage.hand(name);
      stage.hand("wrong", "starter");
      Deno.mkdirSync(`${stage.submissions}/zoe`);
      const { status, out, err } = await stage.grade(...ONLY, "--seed", "7");
      expect({ status, err }).toEqual({ status: 2, err: "" });
      expect(stage.folders()).toEqual(["anna", "bob%20b", "c%27d%22%0a", "wrong", "zoe"]);
      const { submissions } = JSON.parse(stage.read("results.json"));
      const told = submissions.map((
        { name, outcome, result }: {
          name: string;
          outcome: string;
          result: { score: number } | null;
        },
      ) => [name, outcome, result?.score]);
      expect(told).toEqual([
        ...names.slice(0, 3).map((name) => [name, "graded", 5]),
        ["wrong", "graded", 0],
        ["zoe", "rejected", undefined],
      ]);
      const validate = validator("result.schema.json");
      for (const text of stage.results().values()) expect(validate(JSON.parse(text))).toBe(true);
      expect(stage.result("anna")).toMatchObject({
        submission: "anna",
        seed: "7",
        engine: "local",
      });
      expect(out).toMatch(/^Grading 5 submissions of lab1, seed 7, \d+ at a time, into /);
      expect(out).toMatch(/^\d\/5 {2}anna: 5\/5$/m);
      expect(out).toMatch(/^✓ c'd"␊ +5\/5$/m);
      expect((await stage.entered()).length).toBe(5);
      expect(stage.left()).toEqual([]);
      expect(stage.temporaryFiles()).toEqual([]);
    },
    patience,
  );

  test(
    "all points: status 0, points lost: 1; documents by --format, the default folder",
    async () => {
      const anna = stage.hand("anna");
      const grade = (...args: string[]) =>
        stage.start(["grade", "lab1", ...args, "--trust", "--book", "none", ...ONLY]).end();
      expect((await grade(anna)).status).toBe(0);
      const [batch] = [...Deno.readDirSync(`${stage.out}/lab1/grades`)];
      expect(batch!.name).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/);
      const wrong = stage.hand("wrong", "starter");
      const formats = ["junit", "tap", "gradescope"].flatMap((name) => ["--format", name]);
      expect((await grade(wrong, ...formats, "--out", stage.batch)).status).toBe(1);
      const files = ["junit.xml", "results.tap", "submissions/wrong/gradescope/results.json"];
      for (const file of files) expect(stage.read(file)).not.toBe("");
      expect(exists(`${stage.batch}/results.json`)).toBe(false);
    },
    patience,
  );

  test("--json: the results alone, as their schema has them", async () => {
    stage.hand("anna");
    const { status, out, err } = await stage.grade(...ONLY, "--json");
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(JSON.parse(out)).toMatchObject({ v: 1, lab: "lab1", submissions: [{ name: "anna" }] });
    expect(out).toBe(stage.read("results.json"));
  }, patience);

  test(
    "files of one program each meet that program's checks, also when the batch goes on",
    async () => {
      const files = ["anna", "bob"].map((name) => `${stage.hand(name)}/server_once.ts`);
      const grading = stage.startGrading(...files, ...ONLY, "--only", "bytes");
      expect((await grading.end()).status).toBe(0);
      const folders = ["anna%2fserver_once.ts", "bob%2fserver_once.ts"];
      expect(stage.folders()).toEqual(folders);
      Deno.removeSync(`${stage.batch}/submissions/${folders[0]}/result.json`);
      expect((await stage.resume()).status).toBe(0);
      for (const name of folders) {
        expect(stage.result(name).checks.map(({ id }) => id)).toEqual(["once-echo"]);
      }
    },
    patience,
  );

  test("--timeout: what was judged stays, the rest is not judged and loses nothing", async () => {
    const folder = stage.hand("anna");
    Deno.writeTextFileSync(`${folder}/server.ts`, IDLE);
    const args = ["--only", "bytes", "--only", "half-close", "--timeout", "5"];
    const { status } = await stage.grade(...ONLY, ...args, "--format", "gradescope");
    expect(status).toBe(3);
    const over = {
      verdict: "inconclusive",
      message: expect.stringMatching(/ longer --timeout: the submission's 5 s were over /),
    };
    expect(stage.result("anna").checks).toMatchObject([{ verdict: "pass" }, over, over]);
    const { tests } = JSON.parse(stage.read("submissions/anna/gradescope/results.json"));
    expect(tests.map(({ score }: { score?: number }) => score)).toEqual([5, undefined, undefined]);
    expect(stage.left()).toEqual([]);
  }, patience);

  test("a submission under way has what was judged in Gradescope's document", async () => {
    const folder = stage.hand("anna");
    Deno.writeTextFileSync(`${folder}/server.ts`, IDLE);
    const document = "submissions/anna/gradescope/results.json";
    const args = [...ONLY, "--only", "bytes", "--format", "gradescope"];
    const grading = stage.startGrading(stage.submissions, ...args);
    await until(() => exists(`${stage.batch}/${document}`), Boolean, patience);
    grading.signal("SIGKILL");
    await grading.end();
    const { tests } = JSON.parse(stage.read(document));
    expect(tests.map(({ score }: { score?: number }) => score)).toEqual([5, undefined]);
  }, patience);

  test(
    "where a peer dies, the checks that it broke are run once more, and none is lost",
    async () => {
      for (const name of ["anna", "bob", "carl"]) stage.hand(name);
      const args = [...ONLY, "--only", "once-bytes", "--jobs", "1"];
      const grading = stage.startGrading(stage.submissions, ...args);
      await until(() => stage.results().size, (count) => count > 0, patience);
      const [peer] = stage.processes().filter((pid) => commandOf(pid).includes("/peer/main.ts"));
      Deno.kill(peer!, "SIGKILL");
      const { status, err } = await grading.end();
      expect(err).toMatch(/^lab: (A|\d) checks? of \w+ once more: /m);
      expect(status).toBe(0);
      expect(stage.results().size).toBe(3);
    },
    patience,
  );

  test("a submission that is changed while its batch is graded is rejected", async () => {
    for (const name of ["anna", "bob", "carl"]) stage.hand(name);
    const grading = stage.startGrading(stage.submissions, ...ONLY, "--jobs", "1");
    await grading.printed(/^1\/3 {2}/m);
    Deno.writeTextFileSync(`${stage.submissions}/carl/server.ts`, "// Changed");
    expect((await grading.end()).status).toBe(2);
    const { submissions } = JSON.parse(stage.read("results.json"));
    expect(submissions[2]).toMatchObject({
      outcome: "rejected",
      rejected: expect.stringMatching(/^Grade it again: it was changed /),
    });
  }, patience);

  test("where a result cannot be written, whole ones stay, and the batch goes on", async () => {
    for (const name of ["anna", "bob", "carl"]) stage.hand(name);
    // Where a folder is, there is no room for a file, whoever asks.
    Deno.mkdirSync(`${stage.batch}/submissions/bob/result.json`, { recursive: true });
    const { status, err } = await stage.grade(...ONLY, "--jobs", "1");
    expect(status).toBe(2);
    expect(err).toMatch(
      /^lab: Broken off with 1\/3 done; to go on: .*\nlab: Give --out a folder .*\n$/,
    );
    Deno.removeSync(`${stage.batch}/submissions/bob/result.json`);
    expect((await stage.resume()).status).toBe(0);
    expect(stage.results().size).toBe(3);
    expect(stage.left()).toEqual([]);
  }, patience);

  test("what one submission leaves behind is none of the next one's", async () => {
    const bad = stage.hand("anna");
    Deno.writeTextFileSync(`${bad}/daemon.py`, DAEMON);
    Deno.writeTextFileSync(
      `${bad}/submission.json`,
      JSON.stringify({ server_once: ["python3", "daemon.py"] }),
    );
    stage.hand("bob");
    const { status } = await stage.grade(
      "--only",
      "once-echo",
      "--only",
      "once-next",
      "--jobs",
      "1",
    );
    expect(status).toBe(1);
    expect(stage.result("anna").score).toBe(0);
    expect(stage.result("bob").checks.map(({ verdict }) => verdict)).toEqual(["pass", "pass"]);
    expect(stage.left()).toEqual([]);
  }, patience);

  test("--replay: the same inputs and verdicts, or what is another", async () => {
    const anna = stage.hand("anna");
    await stage.grade(...ONLY, "--seed", "5");
    const path = `${stage.batch}/submissions/anna/result.json`;
    const replay = (...args: string[]) =>
      stage.lab("grade", "lab1", "--replay", path, "--trust", ...args);
    const same = await replay();
    expect(same).toMatchObject({ status: 0, err: "" });
    expect(same.out).toMatch(/^The same: the verdict of 1 check, 5 of 5 points$/m);
    Deno.writeTextFileSync(
      path,
      stage.read("submissions/anna/result.json").replace('"pass"', '"fail"'),
    );
    const other = await replay("--json");
    expect(other.status).toBe(1);
    expect(JSON.parse(other.out)).toMatchObject({
      same: false,
      differences: [{ id: "once-echo", before: "fail", now: "pass" }],
      result: { seed: "5" },
    });
    Deno.writeTextFileSync(`${anna}/server.ts`, "// Changed");
    const changed = await replay();
    expect(changed.status).toBe(2);
    expect(changed.err).toMatch(/^lab: Give PATH of anna as it was: it has changed since/);
  }, patience);

  test("a folder is one batch's and one grader's", async () => {
    const folder = stage.hand("anna");
    Deno.writeTextFileSync(`${folder}/server_once.ts`, IDLE);
    const first = stage.startGrading(stage.submissions, ...ONLY);
    await first.printed(/^Grading/);
    const second = await stage.resume();
    expect(second.status).toBe(2);
    expect(second.err).toMatch(/^lab: Wait, or give --out another folder: .*[^.]\n$/);
    first.signal("SIGKILL");
    await first.end();
    const third = await stage.grade(...ONLY);
    expect(third.status).toBe(2);
    expect(third.err).toMatch(/^lab: Add --resume to go on, or give --out another folder: /);
  }, patience);
});

/** A server that leaves a process of another session behind, at the lab's port; it itself only ends. */
const DAEMON = `
import os, socket, sys
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        listener = socket.create_server(("0.0.0.0", int(sys.argv[sys.argv.index("--port") + 1])))
        while True:
            listener.accept()
    os._exit(0)
`;

function commandOf(pid: number): string {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/cmdline`);
  } catch {
    return ""; // It has ended.
  }
}
