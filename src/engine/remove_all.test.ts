/** Removing what programs have left. */
import { expect, test } from "vitest";
import { removeAll } from "./remove_all.ts";

// Root removes what it likes.
test.skipIf(Deno.uid() === 0)("removeAll() removes folders that nobody may write", () => {
  const scratch = Deno.makeTempDirSync({ prefix: "socklab-remove-" });
  const locked = `${scratch}/a/locked`;
  Deno.mkdirSync(locked, { recursive: true });
  Deno.writeTextFileSync(`${locked}/log0.txt`, "x");
  Deno.chmodSync(locked, 0o500);
  Deno.chmodSync(`${scratch}/a`, 0o000);
  removeAll(`${scratch}/a`);
  expect([...Deno.readDirSync(scratch)]).toEqual([]);
  Deno.removeSync(scratch);
});

test("removeAll() follows no link", () => {
  const scratch = Deno.makeTempDirSync({ prefix: "socklab-remove-" });
  Deno.mkdirSync(`${scratch}/mine`);
  Deno.writeTextFileSync(`${scratch}/mine/kept.txt`, "x");
  Deno.mkdirSync(`${scratch}/theirs`);
  Deno.symlinkSync(`${scratch}/mine`, `${scratch}/theirs/link`);
  removeAll(`${scratch}/theirs`);
  expect([...Deno.readDirSync(scratch)].map(({ name }) => name)).toEqual(["mine"]);
  expect(Deno.readTextFileSync(`${scratch}/mine/kept.txt`)).toBe("x");
  removeAll(scratch);
});
