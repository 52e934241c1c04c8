/** What programs leave in their folder, and its removal. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { removeAll } from "../engine/mod.ts";
import { emptyFolder } from "./check_folder.ts";

let scratch = "";
beforeEach(() => scratch = Deno.makeTempDirSync({ prefix: "socklab-folder-" }));
afterEach(() => removeAll(scratch));

const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

test("emptyFolder() makes a folder, and keeps one that it empties", () => {
  const folder = `${scratch}/lab5/logs`;
  emptyFolder(folder);
  const { ino } = Deno.statSync(folder);
  Deno.mkdirSync(`${folder}/deep/deeper`, { recursive: true });
  Deno.writeTextFileSync(`${folder}/log0.txt`, "x");
  emptyFolder(folder);
  expect(names(folder)).toEqual([]);
  expect(Deno.statSync(folder).ino).toBe(ino);
});

test("emptyFolder() gives a folder back its owner's permissions", () => {
  const folder = `${scratch}/logs`;
  Deno.mkdirSync(folder);
  Deno.chmodSync(folder, 0o500);
  emptyFolder(folder);
  expect(Deno.statSync(folder).mode! & 0o777).toBe(0o700);
});

test("emptyFolder() removes a link in the folder's place, and nothing that it leads to", () => {
  const mine = `${scratch}/mine`, folder = `${scratch}/logs`;
  Deno.mkdirSync(mine);
  Deno.writeTextFileSync(`${mine}/kept.txt`, "x");
  Deno.symlinkSync(mine, folder);
  emptyFolder(folder);
  Deno.symlinkSync(mine, `${folder}/link`);
  emptyFolder(folder);
  expect(names(mine)).toEqual(["kept.txt"]);
  expect(Deno.lstatSync(folder).isDirectory).toBe(true);
});
