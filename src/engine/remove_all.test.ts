/** Removing what programs have left. */
import { expect, test } from "vitest";
import { removeAll } from "./remove_all.ts";

// Root may write everywhere by capabilities, and is tried without any.
const WITHOUT = Deno.uid() === 0 ? ["setpriv", "--inh-caps=-all", "--bounding-set=-all"] : [];

test("removeAll() removes folders that nobody may write", async () => {
  const scratch = Deno.makeTempDirSync({ prefix: "socklab-remove-" });
  const locked = `${scratch}/a/locked`;
  Deno.mkdirSync(locked, { recursive: true });
  Deno.writeTextFileSync(`${locked}/log0.txt`, "x");
  Deno.chmodSync(locked, 0o500);
  Deno.chmodSync(`${scratch}/a`, 0o000);
  const code = `import { removeAll } from "${new URL("remove_all.ts", import.meta.url)}";
    removeAll("${scratch}/a");`;
  const [command, ...args] = [...WITHOUT, Deno.execPath(), "eval", "--no-config", code];
  const { success, stderr } = await new Deno.Command(command!, { args }).output();
  expect({ success, said: new TextDecoder().decode(stderr) }).toEqual({ success: true, said: "" });
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
