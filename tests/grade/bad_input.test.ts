/** What people hand in by mistake, or to see what happens: each is told of in one line, and the others are graded. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cannotRun } from "../cli/lab_stage.ts";
import { BatchStage, ONLY } from "./batch_stage.ts";

const patience = 120_000;
let stage: BatchStage;
beforeEach(() => void (stage = new BatchStage()));
afterEach(() => stage[Symbol.asyncDispose]());

/** By its name: how it is made, in its own folder, by bash; and what is to be changed. */
const BAD: Readonly<Record<string, [make: string, told: RegExp]>> = {
  "empty": [":", /^Hand in .*server\.ts.*: there is none of them$/],
  "other files": ["echo x >notes.txt", /^Hand in .*: there is none of them$/],
  "one folder in": ["mkdir lab1; echo >lab1/server.ts", /^Move lab1\/server\.ts up /],
  "a link": ["ln -s /etc/passwd server.ts", /^Hand in .*: there is none of them$/],
  "2 GB": ["echo >server.ts; truncate -s 2G core", /^Hand in 32 MiB .*core, of 2147483648 bytes,/],
  "many files": [
    "echo >server.ts; touch {1..1000}",
    /^Hand in fewer files: there are more than 1000$/,
  ],
  "deep": [`echo >server.ts; mkdir -p ${"d/".repeat(20)}`, /^Hand in fewer folders .* 16 deep$/],
  "half a submission.json": [
    "echo '{\"server\"' >submission.json",
    /^Write valid JSON in submission/,
  ],
  "another's program": [
    `echo '{"server": ["../anna/server.ts"]}' >submission.json`,
    /^Hand in \.\.\/anna\/server\.ts: /,
  ],
  "another's image": [
    `echo >server.ts; echo '{"image": "registry/secrets"}' >submission.json`,
    /^Name deno or python as "image"/,
  ],
  "not executable": ["echo '#!/bin/sh' >server", /^Make server executable \(chmod \+x\)/],
};

/** Beside the folders: what is none, or leads out. */
const BESIDE = `
ln -s /etc 'a link out'; printf 'PK\\3\\4' >'zoe'; echo >roster.csv; mkfifo pipe; mkdir .hidden`;

function bash(script: string, cwd: string): void {
  const { success } = new Deno.Command("bash", { args: ["-c", script], cwd }).outputSync();
  expect(success).toBe(true);
}

describe.skipIf(cannotRun !== "")(`where labs run ${cannotRun}`, () => {
  test("a batch with all of them: a line each, and the right one has its points", async () => {
    stage.hand("anna");
    stage.hand('it\'s a "right"\none..%2f');
    for (const [name, [make]] of Object.entries(BAD)) {
      Deno.mkdirSync(`${stage.submissions}/${name}`);
      bash(make, `${stage.submissions}/${name}`);
    }
    bash(BESIDE, stage.submissions);
    const { status, err } = await stage.grade(...ONLY);
    expect({ status, err }).toEqual({
      status: 2,
      err: `lab: Left out of ${stage.submissions}, as they are no submissions: ` +
        ".hidden, pipe, roster.csv\n",
    });
    const { submissions } = JSON.parse(stage.read("results.json")) as {
      submissions: { name: string; outcome: string; rejected: string | null }[];
    };
    const told = new Map(submissions.map(({ name, rejected }) => [name, rejected]));
    for (const [name, [, message]] of Object.entries(BAD)) {
      expect([name, told.get(name)]).toEqual([name, expect.stringMatching(message)]);
    }
    expect(told.get("a link out")).toMatch(/^Put a folder in the place of a link out: /);
    expect(told.get("zoe")).toBe("Unpack zoe first: it is an archive");
    const graded = submissions.filter(({ outcome }) => outcome === "graded");
    expect(graded.map(({ name }) => name)).toEqual(["anna", 'it\'s a "right"\none..%2f']);
    expect([...told.values()].filter((line) => line !== null && /[\n.]$|\n/.test(line))).toEqual(
      [],
    );
    expect(stage.left()).toEqual([]);
    expect(stage.temporaryFiles()).toEqual([]);
  }, patience);
});
