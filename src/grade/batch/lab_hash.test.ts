import { afterEach, beforeEach, expect, test } from "vitest";
import { labHash } from "./lab_hash.ts";

let lab = "";
beforeEach(() => {
  lab = Deno.makeTempDirSync({ prefix: "socklab-lab-" });
  Deno.mkdirSync(`${lab}/checks`);
  for (const path of ["lab.json", "checks.ts", "checks/server.ts"]) {
    Deno.writeTextFileSync(`${lab}/${path}`, path);
  }
});
afterEach(() => Deno.removeSync(lab, { recursive: true }));

test.each([
  ["lab.json", true],
  ["checks.ts", true],
  ["checks/server.ts", true],
  ["checks/another.ts", true],
  ["checks/server.test.ts", false],
  ["README.md", false],
])("labHash() of a lab whose %s has changed is another: %s", (path, another) => {
  const before = labHash(lab);
  expect(labHash(lab)).toBe(before);
  Deno.writeTextFileSync(`${lab}/${path}`, "changed");
  expect(labHash(lab) !== before).toBe(another);
});

test("labHash() needs no folder of checks", () => {
  Deno.removeSync(`${lab}/checks`, { recursive: true });
  expect(labHash(lab)).toMatch(/^[0-9a-f]{64}$/);
});
