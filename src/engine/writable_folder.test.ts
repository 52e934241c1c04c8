import { expect, test } from "vitest";
import { makeWritable } from "./writable_folder.ts";

test("makeWritable() makes what is not there, and keeps what is", () => {
  const folder = Deno.makeTempDirSync();
  const logs = `${folder}/lab5/logs`;
  makeWritable([logs]);
  Deno.writeTextFileSync(`${logs}/log0.txt`, "one");
  makeWritable([logs]);
  expect(Deno.readTextFileSync(`${logs}/log0.txt`)).toBe("one");
  Deno.removeSync(folder, { recursive: true });
});

test.runIf(Deno.uid() === 0)(
  "makeWritable() by root opens a folder to whoever has it next",
  async () => {
    const folder = Deno.makeTempDirSync();
    Deno.chmodSync(folder, 0o755);
    const logs = `${folder}/logs`;
    makeWritable([logs]);
    for (const uid of [65534, 1000]) {
      const { code } = await new Deno.Command("/bin/sh", {
        args: ["-c", 'echo >"$0"', `${logs}/${uid}`],
        uid,
        gid: uid,
      }).output();
      expect(code).toBe(0);
    }
    Deno.removeSync(folder, { recursive: true });
  },
);

test("makeWritable() names what cannot be made", () => {
  expect(() => makeWritable(["/proc/none/logs"])).toThrow(
    "Make /proc/none/logs writable, where the program keeps its files: No such file or directory",
  );
});
