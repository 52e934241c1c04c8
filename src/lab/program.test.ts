import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { findLab } from "./discover.ts";
import { programCommand, runnerOf } from "./program.ts";
import { programIn, resolveProgram } from "./resolve_program.ts";

const REPO = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");
const lab = findLab(REPO, "lab3");
const tools = { deno: Deno.execPath(), imports: `${REPO}/labs/imports.json` };
let folder = "";

beforeEach(() => {
  folder = Deno.realPathSync(Deno.makeTempDirSync());
});
afterEach(() => Deno.removeSync(folder, { recursive: true }));

function write(name: string, text: string, mode = 0o644): string {
  Deno.writeTextFileSync(`${folder}/${name}`, text);
  Deno.chmodSync(`${folder}/${name}`, mode);
  return `${folder}/${name}`;
}

async function output(path: string, args: string[] = []) {
  const program = resolveProgram(lab, "server", { path });
  const [command = "", ...rest] = programCommand(program, args, tools);
  const { code, stdout, stderr } = await new Deno.Command(command, { args: rest, cwd: "/" })
    .output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

test("resolveProgram() takes the lab's solution unless told otherwise", () => {
  expect(resolveProgram(lab, "client").path).toBe(`${lab.folder}/solution/client.ts`);
  expect(resolveProgram(lab, "client").config).toBeUndefined();
});

test("resolveProgram() finds the lab's name, or the same in another language, in a folder", () => {
  const python = write("server.py", "");
  expect(resolveProgram(lab, "server", { path: folder })).toMatchObject({
    path: python,
    runner: "python",
  });
  const typescript = write("server.ts", "");
  expect(resolveProgram(lab, "server", { path: `${folder}/` }).path).toBe(typescript);
  expect(() => resolveProgram(lab, "client", { path: folder })).toThrow(
    `Give --client a file: the folder ${folder} has no client.ts, client.js, client.py, client`,
  );
});

test("resolveProgram() says what to do about a file that cannot be run", () => {
  expect(() => resolveProgram(lab, "server", { path: `${folder}/sever.ts` })).toThrow(
    `Give --server a file that exists, not ${folder}/sever.ts`,
  );
  const plain = write("server.c", "");
  expect(() => resolveProgram(lab, "server", { path: plain })).toThrow(
    `Make ${plain} executable (chmod +x), or give --server a .ts, .js or .py file`,
  );
  expect(() => resolveProgram(lab, "server", { path: "/dev/null" })).toThrow(
    "Give --server a program's file",
  );
});

test("resolveProgram() and programIn() say which folder one may not look into", () => {
  // Root may look everywhere.
  const stat = Deno.statSync;
  using _ = vi.spyOn(Deno, "statSync").mockImplementation((path) => {
    if (!String(path).startsWith(`${folder}/`)) return stat(path);
    throw new Deno.errors.PermissionDenied(`Permission denied (os error 13): stat '${path}'`);
  });
  const told = `Make ${folder} readable: Permission denied`;
  expect(() => resolveProgram(lab, "server", { path: folder })).toThrow(told);
  expect(() => programIn(folder, "server.ts")).toThrow(told);
  expect(() => resolveProgram(lab, "server", { path: `${folder}/server.ts` })).toThrow(
    `Make ${folder}/server.ts readable: Permission denied`,
  );
});

test("resolveProgram() gives what the manifest permits to a file of that name, whoever wrote it", () => {
  const permits = { "forks.ts": ["run" as const] };
  const lavish = { ...lab, manifest: { ...lab.manifest, permits } };
  expect(resolveProgram(lavish, "server", { path: write("forks.ts", "") }).permits).toEqual([
    "run",
  ]);
  expect(resolveProgram(lavish, "server", { path: write("knives.ts", "") }).permits).toEqual([]);
});

test("a program anywhere on the disk finds the standard library and its arguments", async () => {
  const path = write(
    "mine.ts",
    `import { parseArgs } from "@std/cli/parse-args";
     console.log(JSON.stringify(parseArgs(Deno.args)), Deno.args.length);`,
  );
  expect(await output(path, ["--port", "7", "a b"])).toMatchObject({
    code: 0,
    stdout: '{"_":["a b"],"port":7} 3\n',
  });
});

test("a program reads the files beside it, and neither reads elsewhere nor writes", async () => {
  write("words.txt", "hello");
  const path = write(
    "mine.ts",
    `console.log(Deno.readTextFileSync(new URL("./words.txt", import.meta.url)));
     for (const attempt of [
       () => Deno.readTextFileSync("/etc/hostname"),
       () => Deno.writeTextFileSync(new URL("./out.txt", import.meta.url), ""),
       () => new Deno.Command("true").outputSync(),
     ]) try { attempt(); console.log("allowed"); } catch (e) { console.log(e.name); }`,
  );
  expect((await output(path)).stdout).toBe("hello\nNotCapable\nNotCapable\nNotCapable\n");
});

test("a program's own deno.json counts, also one folder up", async () => {
  write("deno.json", '{"imports":{"greeting":"./greeting.ts"}}');
  write("greeting.ts", 'export default "hello";');
  Deno.mkdirSync(`${folder}/lab3`);
  const path = write("lab3/mine.ts", 'import g from "greeting"; console.log(g);');
  expect(resolveProgram(lab, "server", { path }).config).toBe(`${folder}/deno.json`);
  expect(await output(path)).toMatchObject({ code: 0, stdout: "hello\n" });
});

test("a deno.json that only maps the standard library is for an editor: the program gets our map", async () => {
  const config = write(
    "deno.json",
    '{"imports":{"@std/cli/parse-args":"https://nowhere.invalid/parse_args.js"},"lock":false}',
  );
  const path = write(
    "mine.ts",
    'import { parseArgs } from "@std/cli/parse-args"; console.log(parseArgs(["a"])._[0]);',
  );
  expect(resolveProgram(lab, "server", { path }).config).toBeUndefined();
  expect(await output(path)).toMatchObject({ code: 0, stdout: "a\n" });
  Deno.removeSync(config);
});

test.runIf(Deno.uid() === 0)("a configuration above that is somebody else's does not count", () => {
  write("deno.json", '{"imports":{"greeting":"./greeting.ts"}}');
  const path = write("mine.ts", "");
  Deno.chownSync(path, 65534, 65534);
  expect(resolveProgram(lab, "server", { path }).config).toBeUndefined();
});

test("an executable file and a Python file are run by their own means", async () => {
  const shell = write("mine", '#!/bin/sh\necho "shell $1"\n', 0o755);
  expect((await output(shell, ["a b"])).stdout).toBe("shell a b\n");
  const python = programCommand(
    resolveProgram(lab, "server", { path: write("mine.py", "") }),
    ["x"],
    tools,
  );
  expect(python).toEqual(["python3", "-u", `${folder}/mine.py`, "x"]);
});

test.each([
  ["a.ts", false, "deno"],
  ["a.mjs", false, "deno"],
  ["a.ts", true, "deno"],
  ["a.py", false, "python"],
  ["a.out", true, "itself"],
  ["a.c", false, null],
  ["ts", false, null],
])("runnerOf(%s, %s) is %s", (path, executable, runner) => {
  expect(runnerOf(path, executable)).toBe(runner);
});

test("labs/imports.json leads to modules of the standard library as deno.json does, which has more for tests", () => {
  const { imports: ours } = JSON.parse(Deno.readTextFileSync(`${REPO}/deno.json`));
  const { imports: theirs } = JSON.parse(Deno.readTextFileSync(tools.imports));
  const wanted = Object.entries<string>(ours).filter(([name]) => name in theirs)
    .map(([name, npm]) => [name, npm.replace(/^npm:deno-std@[^/]+/, "../node_modules/deno-std")]);
  expect(Object.entries(theirs)).toEqual(wanted);
});
