import { afterEach, beforeEach, expect, test } from "vitest";
import { UnfitError } from "../unfit_error.ts";
import { checkFit, containerUser, foldersOf } from "./user.ts";

let folder: string;
beforeEach(() => {
  folder = Deno.makeTempDirSync();
  Deno.chmodSync(folder, 0o755);
  Deno.writeTextFileSync(`${folder}/server.ts`, "", { mode: 0o644 });
});
afterEach(() => Deno.removeSync(folder, { recursive: true }));

const stranger = { uid: 4711, gid: 4711 };
const program = (...reads: string[]) => ({ command: [], reads });

test("foldersOf() drops folders that others hold", () => {
  expect(foldersOf(["/a/b/server.ts", "/a/deno.json", "/ab/x.ts"])).toEqual(["/a", "/ab"]);
  expect(foldersOf(["/server.ts"])).toEqual(["/"]);
});

test("containerUser() is never root", () => {
  const { uid } = containerUser([folder]);
  expect(uid).not.toBe(0);
  if (Deno.uid() !== 0) return expect(uid).toBe(Deno.uid());
  expect(uid).toBe(65534);
  Deno.chownSync(folder, 4711, 4712);
  expect(containerUser(["/no/such", folder])).toEqual({ uid: 4711, gid: 4712 });
});

test("checkFit() takes what the user may read", () => {
  checkFit(program(`${folder}/server.ts`), stranger);
});

test.each([
  ["file", 0o600, "server.ts (chmod o+r)"],
  ["folder", 0o700, " (chmod o+rx)"],
])("checkFit() names a %s that the user may not read", (what, mode, words) => {
  Deno.chmodSync(what === "file" ? `${folder}/server.ts` : folder, mode);
  const check = () => checkFit(program(`${folder}/server.ts`), stranger);
  expect(check).toThrow(UnfitError);
  expect(check).toThrow(words);
});

test.each(["/server.ts", "/usr/server.ts", "/etc/server.ts", "/proc/server.ts", "/opt/server.ts"])(
  "checkFit() refuses %s, whose folder would hide the container's own",
  (path) => {
    expect(() => checkFit(program(path), stranger)).toThrow(UnfitError);
  },
);
