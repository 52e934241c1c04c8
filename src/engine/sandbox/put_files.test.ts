import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { putFiles } from "./put_files.ts";

let root: string;
beforeEach(() => void (root = Deno.makeTempDirSync()));
afterEach(() => Deno.removeSync(root, { recursive: true }));

/** A stream of these texts, as pieces. */
function pieces(...texts: string[]): ReadableStream<Uint8Array> {
  return ReadableStream.from(texts.map((text) => new TextEncoder().encode(text)));
}

describe("putFiles()", () => {
  test("writes files wherever the pieces of their bytes are cut", async () => {
    const files = [
      { path: "server.ts", executable: false, length: 5 },
      { path: "empty", executable: false, length: 0 },
      { path: "lib/deep/run", executable: true, length: 4 },
    ];
    await putFiles(files, pieces("ser", "verr", "un"), root);
    expect(Deno.readTextFileSync(`${root}/server.ts`)).toBe("serve");
    expect(Deno.readTextFileSync(`${root}/empty`)).toBe("");
    expect(Deno.readTextFileSync(`${root}/lib/deep/run`)).toBe("rrun");
    expect(Deno.statSync(`${root}/server.ts`).mode! & 0o777).toBe(0o444);
    expect(Deno.statSync(`${root}/lib/deep/run`).mode! & 0o777).toBe(0o555);
  });

  test("fails where less comes than was said", async () => {
    const files = [{ path: "a", executable: false, length: 5 }];
    await expect(putFiles(files, pieces("abc"), root)).rejects.toThrow("2 bytes are missing");
  });

  test.each(["", "/etc/x", "../x", "a/../../x", "a//b", "./a", "a/.", "a\0b"])(
    "refuses the path %j",
    async (path) => {
      const files = [{ path, executable: false, length: 0 }];
      await expect(putFiles(files, pieces(), root)).rejects.toThrow("inside the submission");
      expect([...Deno.readDirSync(root)]).toEqual([]);
    },
  );

  test("does not write a file twice", async () => {
    const file = { path: "a", executable: false, length: 1 };
    await expect(putFiles([file, file], pieces("ab"), root)).rejects.toThrow(
      Deno.errors.AlreadyExists,
    );
  });
});
