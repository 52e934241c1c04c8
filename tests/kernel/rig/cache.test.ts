import { expect, onTestFinished, test } from "vitest";
import { cached, cacheFolder } from "./cache.ts";

function place(): string {
  const folder = Deno.makeTempDirSync({ prefix: "socklab-test-" });
  onTestFinished(() => Deno.removeSync(folder, { recursive: true }));
  return folder;
}

test("cached() makes a folder once, and again where it is damaged", async () => {
  const parent = place();
  let made = 0;
  const make = async (folder: string) => {
    made++;
    await Deno.writeTextFile(`${folder}/disk`, "whole");
  };
  const [first, second] = await Promise.all([
    cached("root", "a", make, parent),
    cached("root", "a", make, parent),
  ]);
  expect([first, made]).toEqual([second, 1]);
  Deno.writeTextFileSync(`${first}/disk`, "part");
  await cached("root", "a", make, parent);
  expect([made, Deno.readTextFileSync(`${first}/disk`)]).toEqual([2, "whole"]);
});

test("cached() leaves nothing of what could not be made, or was broken off", async () => {
  const parent = place();
  Deno.mkdirSync(`${parent}/root-b.part`);
  const fail = () => Promise.reject(new Error("no network"));
  await expect(cached("root", "a", fail, parent)).rejects.toThrow("no network");
  expect([...Deno.readDirSync(parent)].map(({ name }) => name)).toEqual(["root.lock"]);
});

test("cached() takes away what was broken off where nothing has to be made, too", async () => {
  const parent = place();
  const make = async () => {};
  await cached("root", "a", make, parent);
  Deno.mkdirSync(`${parent}/root-b.part`);
  await cached("root", "a", make, parent);
  expect([...Deno.readDirSync(parent)].map(({ name }) => name).sort()).toEqual([
    "root-a",
    "root.lock",
  ]);
});

test("cached() leaves nothing where the process is told to end meanwhile", async () => {
  const parent = place();
  const script = `
    import { cached } from ${JSON.stringify(new URL("./cache.ts", import.meta.url).href)};
    await cached("root", "a", async (folder) => {
      await Deno.writeTextFile(folder + "/disk", "part");
      Deno.exit(7);
    }, ${JSON.stringify(parent)});`;
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", script],
    stdin: "null",
  }).output();
  expect(code).toBe(7);
  expect([...Deno.readDirSync(parent)].map(({ name }) => name)).toEqual(["root.lock"]);
});

test("cached() keeps the two used last of a kind", async () => {
  const parent = place();
  const make = async () => {};
  for (const [i, name] of ["a", "b", "a", "c"].entries()) {
    const folder = await cached("root", name, make, parent);
    const at = new Date(Date.now() - 60_000 + i * 1_000);
    Deno.utimeSync(`${folder}/list.json`, at, at);
  }
  const names = [...Deno.readDirSync(parent)].map(({ name }) => name).sort();
  expect(names).toEqual(["root-a", "root-c", "root.lock"]);
});

test("cacheFolder() is the user's", () => {
  const of = (env: Record<string, string>) => cacheFolder((name) => env[name]);
  expect(of({ HOME: "/h", XDG_CACHE_HOME: "/c" })).toBe("/c/socklab/rig");
  expect(of({ HOME: "/h" })).toBe("/h/.cache/socklab/rig");
  expect(() => of({})).toThrow("Set HOME");
});
