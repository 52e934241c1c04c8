import { afterEach, beforeEach, expect, test } from "vitest";
import { writeWhole } from "./write_whole.ts";

let folder = "";
beforeEach(() => void (folder = Deno.makeTempDirSync({ prefix: "socklab-whole-" })));
afterEach(() => Deno.removeSync(folder, { recursive: true }));

test("writeWhole() leaves the file alone, with all of its text", async () => {
  const text = "ü".repeat(1_000_000);
  await writeWhole(`${folder}/result.json`, "before");
  await writeWhole(`${folder}/result.json`, text);
  expect([...Deno.readDirSync(folder)].map(({ name }) => name)).toEqual(["result.json"]);
  expect(Deno.readTextFileSync(`${folder}/result.json`)).toBe(text);
});

test("writeWhole() that is read all the time is never seen in parts", async () => {
  const path = `${folder}/result.json`;
  const texts = ["a".repeat(3_000_000), "b".repeat(2_000_000)];
  await writeWhole(path, texts[0]!);
  let over = false;
  const writing = (async () => {
    for (let round = 0; round < 10; round++) await writeWhole(path, texts[round % 2]!);
    over = true;
  })();
  while (!over) expect(texts).toContain(await Deno.readTextFile(path));
  await writing;
});

test("writeWhole() that fails leaves what was there", async () => {
  Deno.mkdirSync(`${folder}/result.json.part`);
  Deno.writeTextFileSync(`${folder}/result.json`, "before");
  await expect(writeWhole(`${folder}/result.json`, "after")).rejects.toThrow();
  expect(Deno.readTextFileSync(`${folder}/result.json`)).toBe("before");
});

test("writeWhole() that cannot take a folder's place leaves nothing beside it", async () => {
  Deno.mkdirSync(`${folder}/result.json`);
  await expect(writeWhole(`${folder}/result.json`, "after")).rejects.toThrow(/directory/);
  expect([...Deno.readDirSync(folder)].map(({ name }) => name)).toEqual(["result.json"]);
});
