/** `./lab grades` as an instructor has it. */
import Ajv2020 from "ajv/dist/2020.js";
import { beforeEach, describe, expect, test } from "vitest";
import { type CheckResult, type NewRun, openBook } from "../../src/grade/mod.ts";
import { ROOT, useStage } from "./lab_stage.ts";

const context = useStage();

const schema = JSON.parse(Deno.readTextFileSync(`${ROOT}/src/grade/book/grades.schema.json`));
const validate = new Ajv2020.default({ strict: true, allowUnionTypes: true }).compile(schema);

const HOSTILE = "=eve\n\x1b[2J";

function check(id: string, verdict: CheckResult["verdict"]): CheckResult {
  const passed = verdict === "pass";
  return {
    ...{ id, title: `It has ${id}`, program: "server", points: 10, score: passed ? 10 : 0 },
    ...{ verdict, seconds: 0.1, attempts: 1, message: passed ? null : "The server has ended" },
    ...{ expected: null, actual: null, steps: [], hint: "Look at the loop" },
    evidence: passed ? null : { ladder: [], printed: ["bye\x1b]0;owned\x07"], ended: null },
  };
}

/** A run of this submission, in which `bytes` came to that; or a rejected one. */
function run(name: string, batch: number, bytes: CheckResult["verdict"] | "rejected"): NewRun {
  const started = new Date(Date.UTC(2026, 10, 20 + batch)).toISOString();
  const versions = { socklab: "0.1.0", deno: "2.9.6" };
  const origin = {
    ...{ lab: "lab3", batch: `${batch}`, name, hash: "a".repeat(64), lab_hash: "b".repeat(64) },
    ...{ seed: `${batch}`, versions, whole: true, started, artifacts: null },
  };
  if (bytes === "rejected") return { ...origin, result: null, rejected: "Hand in less" };
  const checks = [check("port", "pass"), check("bytes", bytes)];
  const score = checks.reduce((sum, one) => sum + one.score, 0);
  return {
    ...origin,
    rejected: null,
    result: {
      ...{ v: 1, lab: "lab3", submission: name, seed: `${batch}`, versions, started },
      ...{ engine: "local", driver: "tun", score, max_score: 20, seconds: 1.5, checks },
    },
  };
}

describe("a gradebook of seven runs", () => {
  let book: string;
  beforeEach(() => {
    book = `${context.stage.folder}/my book.sqlite`;
    using writing = openBook(book);
    const artifacts = `${context.stage.folder}/alice's`;
    Deno.mkdirSync(artifacts);
    Deno.writeTextFileSync(`${artifacts}/result.json`, "{}");
    writing.add({ ...run("alice", 1, "fail"), artifacts });
    writing.add(run("bob", 1, "inconclusive"));
    writing.add(run(HOSTILE, 1, "pass"));
    writing.add(run("carol", 1, "rejected"));
    writing.add({ ...run("alice", 2, "pass"), artifacts: "/no/such" });
    writing.add({ ...run("bob", 2, "fail"), lab: "lab5" });
    writing.add({ ...run("alice", 3, "fail"), whole: false });
  });
  const grades = (...args: string[]) =>
    context.stage.start(["grades", ...args], { env: { LAB_GRADES: book, TZ: "UTC" } }).end();
  const ids = (out: string) => out.split("\n").slice(1, -1).map((line) => Number(line.slice(0, 3)));

  test.each<[string[], number[]]>([
    [[], [7, 6, 5, 4, 3, 2, 1]],
    [["alice"], [7, 5, 1]],
    [["--submission", "alice", "carol"], [7, 5, 4, 1]],
    [["--lab", "lab5"], [6]],
    [["--since", "2026-11-22"], [7, 6, 5]],
    [["--limit", "2"], [7, 6]],
  ])("with %j has a line for each run, the newest first", async (args, expected) => {
    const { status, out, err } = await grades(...args);
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(ids(out.replace(/^\d+ more .*\n/m, ""))).toEqual(expected);
  });

  test("tells of each its score, seed and what cost points", async () => {
    const { out } = await grades();
    expect(out).toMatch(/^ +1 +2026-11-21 00:00 +lab3 +alice +10\/20 +1 +bytes$/m);
    expect(out).toMatch(/^ +2 .* bob +10\/20 +1 +not judged: bytes \(10 points\)$/m);
    expect(out).toMatch(/^ +4 .* carol +rejected +1 +Hand in less$/m);
    expect(out).toMatch(/^ +3 .* =eve␊␛\[2J +20\/20 +1$/m);
  });

  test.each([["--latest", [3, 5, 2, 4, 6]], ["--best", [3, 5, 2, 4, 6]]] as const)(
    "%s is one run of all checks for each submission, by name",
    async (option, expected) => {
      const { status, out, err } = await grades(option);
      expect({ status, ids: ids(out) }).toEqual({ status: 0, ids: expected });
      expect(err).toMatch(/^lab: Grade again: some checks came to no verdict, for bob \(lab3\)$/m);
      expect(err).toMatch(/^lab: There is no score where .* rejected: carol \(lab3\)$/m);
    },
  );

  test("--json has all that the table has and more, as its schema says", async () => {
    const { status, out } = await grades("--json");
    const document = JSON.parse(out);
    expect({ status, valid: validate(document) }).toEqual({ status: 0, valid: true });
    expect(document.runs).toHaveLength(7);
    const compared = JSON.parse((await grades("--compare", "--json")).out);
    expect(validate(compared)).toBe(true);
    const one = JSON.parse((await grades("--run", "1", "--json")).out);
    expect(validate(one)).toBe(true);
    expect(one.result.checks[1].hint).toBe("Look at the loop");
  });

  test("--format csv is a row for each submission, to be computed with", async () => {
    const file = `${context.stage.folder}/lab3.csv`;
    const args = ["--lab", "lab3", "--format", "csv"];
    const { status, out, err } = await grades(...args, "--out", file);
    expect({ status, out }).toEqual({ status: 0, out: "" });
    expect(err).toContain(`lab: Written to ${file}\n`);
    const rows = Deno.readTextFileSync(file).split("\r\n").map((line) => line.split(","));
    expect(rows.map((row) => row.slice(0, 5))).toEqual([
      ["submission", "outcome", "score", "max_score", "not_judged_points"],
      ["'=eve␊␛[2J", "graded", "20", "20", "0"],
      ["alice", "graded", "20", "20", "0"],
      ["bob", "graded", "10", "20", "10"],
      ["carol", "rejected", "", "", ""],
      [""],
    ]);
    expect((await grades(...args)).out).toBe(Deno.readTextFileSync(file));
    const device = await grades(...args, "--out", "/dev/stdout");
    expect(device.out).toBe(Deno.readTextFileSync(file));
    expect([...Deno.readDirSync(context.stage.folder)].map(({ name }) => name)).not
      .toContain("lab3.csv.part");
  });

  test("--compare tells what the last run of a submission came to that the one before did not", async () => {
    const { status, out, err } = await grades("--compare");
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(out).toBe(`lab3  alice  10/20 → 20/20
  bytes  fail → pass
  run 1, 2026-11-21 00:00, seed 1, socklab 0.1.0, deno 2.9.6, local engine, driver tun
  run 5, 2026-11-22 00:00, seed 2, socklab 0.1.0, deno 2.9.6, local engine, driver tun
  Between them: the same files, the same checks, another seed

The last two runs differ for 1 of 1 submission; 4 more were graded once
`);
  });

  test("--run tells a run again, with its feedback, and nothing in it acts on the terminal", async () => {
    const { status, out, err } = await grades("--run", "1");
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(out).toMatch(/^alice\nrun 1, 2026-11-21 00:00, seed 1, socklab 0\.1\.0, /);
    expect(out).toMatch(/^lab3, UDP uppercase: 2 checks, seed 1\n\n✓ +10\/10 +It has port/m);
    expect(out).toMatch(/^✗ bytes: It has bytes \(0 of 10 points\)$/m);
    expect(out).toMatch(/^ {4}\| bye␛\]0;owned␇$/m);
    expect(out).toMatch(/^ {2}Hint: Look at the loop$/m);
    expect(out).toMatch(/^10 of 20 points in 1\.5 s$/m);
    const [, again] = /^The same inputs again: \.\/lab (grade lab3 --replay '.*')$/m.exec(out)!;
    const { out: words } = await context.stage.shell(`printf '%s\\n' ${again}`);
    expect(words.split("\n")[3]).toBe(`${context.stage.folder}/alice's/result.json`);
    expect((await grades("--run", "5")).out).not.toContain("again");
    expect((await grades("--run", "4")).out).toMatch(/^carol\n[^]*\nrejected: Hand in less\n$/);
  });

  test.each<[string[], RegExp]>([
    [["--run", "99"], /^Give --run the number of a run .*99/],
    [["--run", "0"], /--run .* at least 1/],
    [["--format", "xlsx"], /csv, json/],
    [["--out", "x"], /^Add --format csv/],
    [["--compare", "--latest"], /^Leave out --latest/],
    [["--since", "soon"], /^Give --since .*'soon'/],
    [["--format", "csv", "--out", "/no/such/x.csv"], /^Give --out .*: No such file or directory/],
    [["--format", "csv", "--out", "/tmp"], /^Give --out .*: Is a directory/],
    [["--book", "/no/such"], /^Give --book a gradebook that exists, not \/no\/such/],
    [["--book", "/tmp"], /^Name another gradebook than \/tmp: /],
    [["--book", `${ROOT}/README.md`], /^Name another .*README\.md, .*: file is not a database/],
    [["--book", "none"], /^Give --book, or LAB_GRADES, a file/],
  ])("%j is a usage fault", async (args, message) => {
    const { status, out, err } = await grades(...args);
    expect({ status, out }).toEqual({ status: 2, out: "" });
    expect(err.split("\n").at(-2)).toMatch(/^lab: .+[^.\n]$/);
    expect(err.split("\n").at(-2)!.slice("lab: ".length)).toMatch(message);
  });

  test("filters that leave nothing say so, and an export is then empty, not missing", async () => {
    expect(await grades("nobody")).toEqual({
      ...{ status: 0, err: "" },
      out: `No run is as the options ask: ./lab grades shows all of ${book}\n`,
    });
    const { status, out } = await grades("nobody", "--json");
    expect({ status, document: JSON.parse(out) }).toEqual({
      status: 0,
      document: { v: 1, runs: [] },
    });
  });
});

test("without a gradebook, it says how one is filled, and makes none", async () => {
  const { stage } = context;
  const none = { status: 0, err: "" };
  const line =
    /^No run is in the gradebook yet: \.\/lab grade LAB PATH enters .*grades\.sqlite\)\n$/;
  const env = { LAB_OUT: stage.out, LAB_GRADES: "" };
  for (const args of [[], ["--compare"], ["--latest"]]) {
    expect(await stage.start(["grades", ...args], { env }).end())
      .toEqual({ ...none, out: expect.stringMatching(line) });
  }
  openBook(`${stage.out}/grades.sqlite`)[Symbol.dispose]();
  expect(await stage.start(["grades"], { env }).end())
    .toEqual({ ...none, out: expect.stringMatching(line) });
  Deno.removeSync(stage.out, { recursive: true });
  await stage.start(["grades"], { env }).end();
  expect(() => Deno.statSync(stage.out)).toThrow(Deno.errors.NotFound);
});
