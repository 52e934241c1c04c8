import { expect, test } from "vitest";
import { makeOwnFolder } from "./own_folder.ts";

test("makeOwnFolder() removes what killed tests have left, and nobody else's", async () => {
  const ended = new Deno.Command("true").spawn();
  await ended.status;
  const parent = Deno.env.get("TMPDIR") ?? "/tmp";
  const left = `${parent}/socklab-link-${ended.pid}-left`, used = makeOwnFolder();
  Deno.mkdirSync(left);
  Deno.writeTextFileSync(`${left}/file`, "");
  Deno.removeSync(makeOwnFolder());
  const there = [...Deno.readDirSync(parent)].map(({ name }) => `${parent}/${name}`);
  expect(there).toContain(used);
  expect(there).not.toContain(left);
  Deno.removeSync(used);
});
