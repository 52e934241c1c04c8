/** What is seen of a folder that a program may fill with anything. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { LogFault } from "./log_folder.ts";
import { LogFolderHere } from "./log_folder_here.ts";

let path = "";
let folder: LogFolderHere;
beforeEach(() =>
  folder = new LogFolderHere(path = Deno.makeTempDirSync({ prefix: "socklab-logs-" }))
);
afterEach(async () => {
  await folder.empty();
  Deno.removeSync(path);
});

/** What is told of a folder that a program has spoilt. */
async function faultOf(asked: Promise<unknown>): Promise<string> {
  const error = await asked.then(() => null, (error: Error) => error);
  expect(error).toBeInstanceOf(LogFault);
  return error!.message;
}

test("LogFolderHere lists what lies there, and reads what it wrote", async () => {
  await folder.write("log0.txt", "é\n");
  Deno.mkdirSync(`${path}/log1.txt`);
  expect((await folder.list()).sort()).toEqual(["log0.txt", "log1.txt"]);
  expect(await folder.read("log0.txt")).toBe("é\n");
});

test.each([
  ["a symbolic link", (at: string) => Deno.symlinkSync("/etc/passwd", at), "log0.txt is no file"],
  ["a FIFO", (at: string) => run("mkfifo", at), "log0.txt is no file"],
  ["a folder", (at: string) => Deno.mkdirSync(at), "log0.txt is no file"],
  ["nothing", () => {}, "log0.txt is gone again"],
  [
    "a file of 2 GB",
    (at: string) => run("truncate", "-s", "2000000000", at),
    "log0.txt has 2000000000 bytes, where a line was expected",
  ],
])("LogFolderHere tells of %s in a file's place", async (_, make, message) => {
  make(`${path}/log0.txt`);
  expect(await faultOf(folder.read("log0.txt"))).toBe(message);
});

test("LogFolderHere tells of no end of files", async () => {
  for (let i = 0; i <= 500; i++) Deno.writeTextFileSync(`${path}/log${i}.txt`, "");
  expect(await faultOf(folder.list())).toBe("The folder has more than 500 files");
});

test("LogFolderHere tells that its folder is gone", async () => {
  Deno.removeSync(path);
  expect(await faultOf(folder.list())).toBe("The folder is gone again");
});

test("LogFolderHere writes through no link", async () => {
  const target = `${path}/target`;
  Deno.symlinkSync(target, `${path}/log9.txt`);
  await expect(folder.write("log9.txt", "x")).rejects.toThrow(Deno.errors.AlreadyExists);
  expect(await folder.list()).toEqual(["log9.txt"]);
});

test("LogFolderHere tells files that had their names before they were whole", async () => {
  Deno.writeTextFileSync(`${path}/log0.txt`, "from before");
  await folder.watch();
  Deno.writeTextFileSync(`${path}/log1.txt`, "in place");
  Deno.writeTextFileSync(`${path}/new`, "whole");
  Deno.linkSync(`${path}/new`, `${path}/log2.txt`);
  Deno.renameSync(`${path}/log0.txt`, `${path}/log3.txt`);
  expect(await folder.writtenInPlace()).toEqual(["log1.txt", "new"]);
  expect((await folder.list()).sort()).toEqual(["log1.txt", "log2.txt", "log3.txt", "new"]);
});

test("LogFolderHere is not held up by a FIFO while it watches", async () => {
  await folder.watch();
  run("mkfifo", `${path}/log0.txt`);
  Deno.writeTextFileSync(`${path}/log1.txt`, "x");
  expect(await folder.writtenInPlace()).toEqual(["log1.txt"]);
});

test("LogFolderHere tells where more happens than it can follow", async () => {
  await folder.watch();
  for (let i = 0; i < 20_000; i++) Deno.writeTextFileSync(`${path}/log${i % 2}.txt`, "");
  expect(await faultOf(folder.writtenInPlace())).toMatch(/^More files were made/);
});

test("LogFolderHere makes its folder, and keeps it when it empties it", async () => {
  const logs = new LogFolderHere(`${path}/lab5/logs`);
  await logs.empty();
  const { ino } = Deno.statSync(logs.path);
  Deno.mkdirSync(`${logs.path}/deep/deeper`, { recursive: true });
  await logs.write("log0.txt", "x");
  await logs.empty();
  expect(await logs.list()).toEqual([]);
  expect(Deno.statSync(logs.path).ino).toBe(ino);
});

test("LogFolderHere gives its folder back its owner's permissions", async () => {
  Deno.chmodSync(path, 0o500);
  await folder.empty();
  expect(Deno.statSync(path).mode! & 0o777).toBe(0o700);
});

test("LogFolderHere can be written again once it is emptied", async () => {
  Deno.chmodSync(path, 0o1777);
  await folder.setWritable(false);
  expect(Deno.statSync(path).mode! & 0o7777).toBe(0o555);
  await folder.empty();
  expect(Deno.statSync(path).mode! & 0o7777).toBe(0o1777);
});

test("LogFolderHere removes a link in its folder's place, and nothing that it leads to", async () => {
  const mine = `${path}/mine`, logs = new LogFolderHere(`${path}/logs`);
  Deno.mkdirSync(mine);
  Deno.writeTextFileSync(`${mine}/kept.txt`, "x");
  Deno.symlinkSync(mine, logs.path);
  await logs.empty();
  Deno.symlinkSync(mine, `${logs.path}/link`);
  await logs.empty();
  expect([...Deno.readDirSync(mine)].map(({ name }) => name)).toEqual(["kept.txt"]);
  expect(Deno.lstatSync(logs.path).isDirectory).toBe(true);
});

function run(command: string, ...args: string[]): void {
  const { success } = new Deno.Command(command, { args }).outputSync();
  if (!success) throw new Error(`${command} failed`);
}
