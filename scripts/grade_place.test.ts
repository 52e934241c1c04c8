import { afterEach, beforeEach, expect, test } from "vitest";
import { freshFolder, latestFolder } from "./grade_place.ts";

let out = "";
beforeEach(() => void (out = Deno.makeTempDirSync({ prefix: "socklab-place-" })));
afterEach(() => Deno.removeSync(out, { recursive: true }));

test("batches that begin in one second have folders of their own", () => {
  const started = new Date("2026-01-02T03:04:05.678Z");
  const paths = [1, 2, 3].map(() => freshFolder(out, "lab3", started));
  const base = `${out}/lab3/grades/2026-01-02T03-04-05Z`;
  expect(paths).toEqual([base, `${base}-2`, `${base}-3`]);
});

test("freshFolder() where none can be made returns the path that is to be told", () => {
  Deno.writeTextFileSync(`${out}/lab3`, "");
  expect(freshFolder(out, "lab3", new Date())).toMatch(/\/lab3\/grades\/\d{4}-/);
});

test("the latest batch is the last that has begun", () => {
  expect(() => latestFolder(out, "lab3")).toThrow(/^Name the batch by --out/);
  for (const name of ["2026-01-02T03-04-05Z", "2026-02-01T00-00-00Z", "2026-03-01T00-00-00Z"]) {
    Deno.mkdirSync(`${out}/lab3/grades/${name}`, { recursive: true });
    if (name < "2026-03") Deno.writeTextFileSync(`${out}/lab3/grades/${name}/batch.json`, "{}");
  }
  expect(latestFolder(out, "lab3")).toBe(`${out}/lab3/grades/2026-02-01T00-00-00Z`);
});
