import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { removeAll } from "../../engine/mod.ts";
import { type SnapshotFile, snapshotOf } from "./snapshot.ts";
import { takeSnapshot } from "./take_snapshot.ts";
import { privateCopy } from "./private_copy.ts";

let scratch = "";
beforeEach(() => {
  scratch = Deno.makeTempDirSync({ prefix: "socklab-copy-" });
  vi.stubEnv("TMPDIR", scratch);
});
afterEach(() => {
  vi.unstubAllEnvs();
  removeAll(scratch);
});

const file = (path: string, text = "x", executable = false): SnapshotFile => {
  return { path, executable, bytes: new TextEncoder().encode(text) };
};

test("privateCopy() writes what takeSnapshot() reads, whatever names it has", () => {
  const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => i % 251);
  const snapshot = snapshotOf([
    file("server.ts", "one"),
    file("bin/run me", "", true),
    file("a\nb/-rf/\\..", "two"),
    { ...file("big"), bytes },
  ]);
  using copy = privateCopy(snapshot);
  expect(takeSnapshot(copy.folder)).toEqual(snapshot);
});

test("privateCopy() lets nobody else look in, and nobody write", () => {
  using copy = privateCopy(snapshotOf([file("a/b/server.ts"), file("run", "", true)]));
  const mode = (path: string) => (Deno.statSync(copy.folder + path).mode! & 0o777).toString(8);
  expect(["", "/a", "/a/b", "/a/b/server.ts", "/run"].map(mode))
    .toEqual(["500", "555", "555", "444", "555"]);
});

test("privateCopy() is gone when it is disposed of, whatever was made of it", () => {
  const copy = privateCopy(snapshotOf([file("d/x")]));
  expect([...Deno.readDirSync(scratch)].length).toBe(1);
  Deno.chmodSync(`${copy.folder}/d`, 0o700);
  Deno.writeTextFileSync(`${copy.folder}/d/more`, "");
  Deno.chmodSync(`${copy.folder}/d`, 0);
  copy[Symbol.dispose]();
  expect([...Deno.readDirSync(scratch)]).toEqual([]);
});

test.each(["../x", "a/../../x", "/etc/x", "a//x", "./x", "a/", "", "..", "a\0b"])(
  "privateCopy() writes nothing for the path %j",
  (path) => {
    expect(() => privateCopy(snapshotOf([file(path)]))).toThrow(RangeError);
    expect([...Deno.readDirSync(scratch)]).toEqual([]);
  },
);

test("privateCopy() writes no file twice", () => {
  expect(() => privateCopy(snapshotOf([file("x", "one"), file("x", "two")]))).toThrow();
  expect([...Deno.readDirSync(scratch)]).toEqual([]);
});
