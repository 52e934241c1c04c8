import { afterEach, beforeEach, expect, test } from "vitest";
import { sourceFiles } from "./source_files.ts";
import { writeFolder } from "./write_folder.ts";

let base: string;
beforeEach(() => {
  base = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "socklab new " }));
});
afterEach(() => Deno.removeSync(base, { recursive: true }));

const FILES = [
  { path: "a.txt", text: "a" },
  { path: "deep/er/b.txt", text: "b" },
  { path: "run", text: "#!/bin/sh\n", executable: true },
];
const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

test.each(["", "/new", "/some/folders/deep"])("writeFolder() fills base%s", async (below) => {
  await writeFolder(`${base}${below}`, FILES);
  expect(sourceFiles(`${base}${below}`)).toEqual(["a.txt", "deep/er/b.txt", "run"]);
  expect(Deno.readTextFileSync(`${base}${below}/deep/er/b.txt`)).toBe("b");
  expect(Deno.statSync(`${base}${below}/run`).mode! & 0o777).toBe(0o755);
  expect(sourceFiles(base)).toHaveLength(3);
  if (below !== "") expect(names(base)).toHaveLength(1);
});

test.each(["", "/new/er"])("writeFolder() interrupted leaves base%s as it was", async (below) => {
  const interrupt = new AbortController();
  function* files() {
    yield FILES[0]!;
    interrupt.abort();
    yield FILES[1]!;
  }
  await expect(writeFolder(`${base}${below}`, files(), interrupt.signal)).rejects.toThrow("abort");
  expect(names(base)).toEqual([]);
});

test("writeFolder() takes a folder in which a killed one was at work for empty", async () => {
  Deno.mkdirSync(`${base}/.socklab-new-1`);
  await writeFolder(base, FILES);
  expect(names(base)).toEqual(["a.txt", "deep", "run"]);
});

test("writeFolder() refuses a folder with something in it, and a file", async () => {
  Deno.writeTextFileSync(`${base}/mine`, "");
  Deno.writeTextFileSync(`${base}/yours`, "");
  await expect(writeFolder(base, FILES)).rejects.toThrow(
    `Choose an empty folder, or one that is not there yet: ${base} has mine and 1 more`,
  );
  await expect(writeFolder(`${base}/mine`, FILES)).rejects.toThrow(
    `Choose another folder than ${base}/mine: ${base}/mine is a file`,
  );
  await expect(writeFolder(`${base}/mine/x`, FILES)).rejects.toThrow(
    /: Not a directory$/,
  );
  expect(names(base)).toEqual(["mine", "yours"]);
});

test("writeFolder() says where it cannot write", async () => {
  await expect(writeFolder("/proc/here", FILES)).rejects.toThrow(
    /^Choose a folder that you can write, not \/proc\/here: /,
  );
});
