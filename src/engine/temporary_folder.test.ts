/** Temporary folders and what becomes of them. */
import { expect, test } from "vitest";
import { makeTemporaryFolder } from "./temporary_folder.ts";

const purpose = `test-${Deno.pid}`;

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

test("makeTemporaryFolder() makes a folder that goes with what holds it, locked folders in it or not", () => {
  let folder: string;
  {
    using temporary = makeTemporaryFolder(purpose);
    folder = temporary.folder;
    Deno.mkdirSync(`${folder}/locked`);
    Deno.writeTextFileSync(`${folder}/locked/file`, "x");
    Deno.chmodSync(`${folder}/locked`, 0o500);
    expect(isThere(folder)).toBe(true);
  }
  expect(isThere(folder)).toBe(false);
});

test("makeTemporaryFolder() makes a folder that goes when its process exits in the midst of all", async () => {
  const module = new URL("./temporary_folder.ts", import.meta.url).href;
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["eval", "--no-config"],
      `import { makeTemporaryFolder } from ${JSON.stringify(module)};
      using temporary = makeTemporaryFolder(${JSON.stringify(purpose)});
      Deno.writeTextFileSync(temporary.folder + "/file", "x");
      console.log(temporary.folder);
      Deno.exit(130);`,
    ],
    env: { NO_COLOR: "1" },
  }).output();
  const folder = new TextDecoder().decode(stdout).trim();
  expect({ code, name: folder.includes(`/socklab-${purpose}-`), there: isThere(folder) })
    .toEqual({ code: 130, name: true, there: false });
});

test("makeTemporaryFolder() removes what a killed process left, and nobody else's", async () => {
  const child = new Deno.Command(Deno.execPath(), { args: ["eval", ""] }).spawn();
  await child.status;
  using temporary = makeTemporaryFolder(purpose);
  const parent = temporary.folder.slice(0, temporary.folder.lastIndexOf("/"));
  const left = `${parent}/socklab-${purpose}-${child.pid}-abc`;
  Deno.mkdirSync(left);
  using other = makeTemporaryFolder(purpose);
  expect([left, temporary.folder, other.folder].map(isThere)).toEqual([false, true, true]);
});
