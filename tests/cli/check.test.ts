/** `./lab check` as a student has it. */
import Ajv2020 from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import type { GradeResult } from "../../src/grade/mod.ts";
import { cannotRun, ROOT, useStage } from "./lab_stage.ts";

const context = useStage();
const patience = 30_000;
const lab3 = `${ROOT}/labs/lab3-udp-uppercase`;
const solution = `${lab3}/solution`;

const schema = JSON.parse(Deno.readTextFileSync(`${ROOT}/src/grade/result.schema.json`));
const validate = new Ajv2020.default({ strict: true, allowUnionTypes: true }).compile(schema);

/** A folder of the student's with a server that does this with each datagram. */
function folderWith(reaction: string): string {
  const folder = `${context.stage.folder}/mine`;
  Deno.mkdirSync(folder);
  Deno.writeTextFileSync(
    `${folder}/server.ts`,
    `const socket = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: 12000 });
    console.log("Server is ready");
    for await (const [bytes, from] of socket) { ${reaction} }`,
  );
  return folder;
}

test.each<[string, string[], RegExp]>([
  ["no lab", [], /LAB/],
  ["unknown lab", ["lab33"], /lab3/],
  ["no such folder", ["lab3", "/no/such"], /^Give a folder or file that exists, not \/no\/such/],
  ["a folder without programs", ["lab3", "/tmp"], /^Give a folder .*server\.ts, client\.ts/],
  ["the current folder without programs", ["lab3"], /DIR: the current folder has none of server/],
  [
    "a file of another name",
    ["lab3", `${lab3}/README.md`],
    /^Add --program NAME \(server, client\)/,
  ],
  ["unknown check", ["lab3", solution, "--only", "every-bite"], /did you mean every-byte/],
  ["unknown program", ["lab3", solution, "--program", "proxy"], /server, client, not 'proxy'/],
  ["nothing left", ["lab3", solution, "--program", "client", "--only", "every-byte"], /Leave out/],
  ["wrong seed", ["lab3", solution, "--seed", "x"], /--seed/],
])("%s is a usage fault", async (_, args, message) => {
  const { status, out, err } = await context.stage.lab("check", ...args);
  expect({ status, out }).toEqual({ status: 2, out: "" });
  expect(err).toMatch(/^lab: .+[^.\n]\n$/);
  expect(err.slice("lab: ".length)).toMatch(message);
});

test("--list names the checks with their points, and starts nothing", async () => {
  const { status, out } = await context.stage.lab(
    "check",
    "lab3",
    "--list",
    "--only",
    "every-byte",
  );
  expect(status).toBe(0);
  expect(out).toMatch(/^every-byte +\d+ {2}server: .*[^.]\n$/);
});

test.each<[string, string, string, RegExp]>([
  ["a submission.json that is wrong", "submission.json", "[]", /^Write an object, /],
  ["a program that nothing can run", "server", "", /^Make server executable \(chmod \+x\)/],
])("%s is a fault of the caller's files", async (_, name, text, message) => {
  const { stage } = context;
  Deno.mkdirSync(`${stage.folder}/mine`);
  Deno.writeTextFileSync(`${stage.folder}/mine/${name}`, text);
  const { status, out, err } = await stage.lab("check", "lab3", `${stage.folder}/mine`);
  expect({ status, out }).toEqual({ status: 2, out: "" });
  expect(err.slice("lab: ".length)).toMatch(message);
});

describe.skipIf(cannotRun !== "")(`where labs run ${cannotRun}`, () => {
  test("all points: status 0, a line a check, and the score", async () => {
    const args = ["lab3", solution, "--only", "every-byte", "--only", "client-lines"];
    const { status, out, err } = await context.stage.lab("check", ...args, "--seed", "7");
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(out).toMatch(/^lab3, UDP uppercase: 2 checks, seed 7$/m);
    expect(out).toMatch(/^✓ +(\d+)\/\1 .* \(every-byte\)$/m);
    expect(out).toMatch(/^server: (\d+) of \1 points$/m);
    expect(out).toMatch(/^(\d+) of \1 points in \d+\.\d s\n$/m);
    expect(context.stage.left()).toEqual([]);
  }, patience);

  test("points lost: status 1, and feedback with steps, bytes, packets and a hint", async () => {
    const folder = folderWith("await socket.send(bytes, from);");
    const { status, out } = await context.stage.lab(
      "check",
      "lab3",
      folder,
      "--only",
      "every-byte",
    );
    expect(status).toBe(1);
    expect(out).toMatch(/^✗ +0\/\d+ .* \(every-byte\)$/m);
    expect(out).toMatch(/^ {2}✓ the server starts and listens$/m);
    expect(out).toMatch(/^ {2}✗ /m);
    const [expected, came, caret] = /^ +expected .*\n +came .*\n +\^ byte \d+$/m.exec(out)![0]
      .split("\n");
    const first = came!.at(caret!.indexOf("^"))!;
    expect(first).toMatch(/[a-z]/);
    expect(expected!.at(caret!.indexOf("^"))).toBe(first.toUpperCase());
    expect(out).toMatch(/On the wire\n.*client .* link .* server\n/);
    expect(out).toMatch(/The program printed last\n {4}\| Server is ready\n/);
    expect(out).toMatch(/^ {2}Hint: /m);
    expect(context.stage.left()).toEqual([]);
  }, patience);

  test("submission.json says how programs are started, relative to its folder", async () => {
    const folder = folderWith("await socket.send(bytes, from);");
    Deno.renameSync(`${folder}/server.ts`, `${folder}/my server.ts`);
    const server = [Deno.execPath(), "run", "-A", "--unstable-net", "my server.ts"];
    Deno.writeTextFileSync(`${folder}/submission.json`, JSON.stringify({ server }));
    const args = ["check", "lab3", folder, "--only", "empty-datagram", "--only", "every-byte"];
    const { status, out } = await context.stage.lab(...args);
    expect(status).toBe(1);
    expect(out).toMatch(/^✓ .*\(empty-datagram\)$/m);
    expect(out).toMatch(/^✗ .*\(every-byte\)$/m);
  }, patience);

  test("a link in the folder is not followed, and told of", async () => {
    const folder = folderWith("");
    Deno.symlinkSync(`${solution}/client.ts`, `${folder}/client.ts`);
    const { status, out, err } = await context.stage.lab(
      ...["check", "lab3", folder, "--only", "client-lines"],
    );
    expect({ status, err }).toEqual({
      status: 1,
      err: "lab: client.ts was left out: it is a symbolic link\n",
    });
    expect(out).toMatch(/Add client\.ts to your folder/);
  }, patience);

  test("a program that crashes fails with its last words and its status", async () => {
    const folder = folderWith('throw new Error("out of paper");');
    const { status, out } = await context.stage.lab(
      "check",
      "lab3",
      folder,
      "--only",
      "every-byte",
    );
    expect(status).toBe(1);
    expect(out).toMatch(/The server has ended \(exit status 1\), saying: .*Error: out of paper/);
  }, patience);

  test("a program that is missing costs its points, and says which file to add", async () => {
    const folder = folderWith("await socket.send(bytes, from);");
    const { status, out } = await context.stage.lab("check", "lab3", folder, "--program", "client");
    expect(status).toBe(1);
    expect(out.match(/^! Add client\.ts to your folder: .*$/gm)?.length).toBe(1);
    expect(out).toMatch(/^0 of \d+ points in 0\.0 s\n$/m);
  }, patience);

  test(
    "a file is checked as the program of its name, or as the one that --program names",
    async () => {
      const { stage } = context;
      const copy = stage.program("best.ts", Deno.readTextFileSync(`${solution}/server.ts`));
      const only = ["--only", "every-byte"];
      expect((await stage.lab("check", "lab3", `${solution}/server.ts`, ...only)).status).toBe(0);
      const named = await stage.lab("check", "lab3", copy, "--program", "server", ...only);
      expect(named).toMatchObject({ status: 0, err: "" });
      const both = ["--only", "client-lines", ...only];
      const { status, out, err } = await stage.lab(
        "check",
        "lab3",
        `${solution}/server.ts`,
        ...both,
      );
      expect({ status, err }).toEqual({
        status: 0,
        err: "lab: Check client too for client-lines: it is not judged here, only server\n",
      });
      expect(out).toMatch(/: 1 check, seed/);
    },
    patience,
  );

  test(
    "--json prints the result alone, as its schema has it; a seed repeats the inputs",
    async () => {
      const folder = folderWith("await socket.send(bytes, from);");
      const args = ["check", "lab3", folder, "--only", "uppercase", "--json", "--seed", "11"];
      const [one, other] = [await context.stage.lab(...args), await context.stage.lab(...args)];
      const results = [one, other].map(({ out }) => JSON.parse(out) as GradeResult);
      expect(results.map((result) => validate(result))).toEqual([true, true]);
      expect(one).toEqual({ status: 1, out: expect.stringMatching(/^{/), err: "" });
      const [first, second] = results.map(({ checks }) => checks[0]!);
      expect(first!.expected!.length).toBeGreaterThan(0);
      expect(first!.expected).toEqual(second!.expected);
    },
    patience,
  );

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    test(`${signal} while checks run: status 130, nothing left`, async () => {
      const { stage } = context;
      const check = stage.start(["check", "lab3", folderWith("")]);
      await check.printed(/seed \d+\n/);
      check.signal(signal);
      expect((await check.end()).status).toBe(130);
      expect(stage.left()).toEqual([]);
    }, patience);

    test(`${signal} when a check has failed and the next one waits: likewise`, async () => {
      const { stage } = context;
      const check = stage.start(["check", "lab3", folderWith("")]);
      await check.printed(/^✗/m);
      check.signal(signal);
      expect((await check.end()).status).toBe(130);
      expect(stage.left()).toEqual([]);
    }, patience);
  }

  test("kill -9 leaves nothing that runs", async () => {
    const { stage } = context;
    const check = stage.start(["check", "lab3", folderWith("")]);
    await check.printed(/^✗/m);
    check.signal("SIGKILL");
    await check.end();
    await stage.empty(3000);
  }, patience);
});
