import { afterAll, beforeAll, expect, test } from "vitest";
import { discoverLabs, findLab, matchLab } from "./discover.ts";

const REPO = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");
const manifest = Deno.readTextFileSync(`${REPO}/labs/lab3-udp-uppercase/lab.json`);
let root = "";

beforeAll(() => {
  root = Deno.makeTempDirSync();
  add("lab10-ten", manifest.replace('"lab3"', '"lab10"'));
  add("lab3-udp-uppercase", manifest);
  add("lab4-broken", "{");
  add("notes", "{}");
  Deno.writeTextFileSync(`${root}/labs/imports.json`, "{}");
});
afterAll(() => Deno.removeSync(root, { recursive: true }));

function add(folder: string, text: string) {
  Deno.mkdirSync(`${root}/labs/${folder}`, { recursive: true });
  Deno.writeTextFileSync(`${root}/labs/${folder}/lab.json`, text);
}

test.each(["lab3", "3", "03", "LAB3", "lab3-udp-uppercase", "labs/lab3-udp-uppercase/"])(
  "findLab() finds lab3 by the name %s",
  (name) => {
    const lab = findLab(root, name);
    expect(lab.folder).toBe(`${root}/labs/lab3-udp-uppercase`);
    expect(lab.manifest.id).toBe("lab3");
  },
);

test("findLab() names the labs that exist and the nearest", () => {
  expect(() => findLab(root, "lba10")).toThrow(
    "Name one of the labs lab3, lab4, lab10, not 'lba10' (did you mean lab10?)",
  );
  expect(() => findLab(root, "docker")).toThrow(/not 'docker'$/);
  for (const name of ["", "..", "lab", "notes", "imports.json", "1"]) {
    expect(() => findLab(root, name)).toThrow("Name one of the labs");
  }
});

test("findLab() reads no manifest but the lab's own", () => {
  expect(findLab(root, "lab10").manifest.id).toBe("lab10");
  expect(() => findLab(root, "lab4")).toThrow("labs/lab4-broken/lab.json: write valid JSON");
});

test("findLab() refuses an id that is not the folder's", () => {
  add("lab5-copied", manifest);
  expect(() => findLab(root, "lab5")).toThrow(
    'labs/lab5-copied/lab.json: write id as "lab5", as its folder, not "lab3"',
  );
  Deno.removeSync(`${root}/labs/lab5-copied`, { recursive: true });
});

test("findLab() says which file to add to a folder without a manifest", () => {
  Deno.mkdirSync(`${root}/labs/lab6-empty`);
  expect(() => findLab(root, "lab6")).toThrow("Add labs/lab6-empty/lab.json");
  Deno.removeSync(`${root}/labs/lab6-empty`);
});

test("discoverLabs() sorts by number and stops at a broken manifest", () => {
  expect(() => discoverLabs(root)).toThrow("labs/lab4-broken/lab.json");
  Deno.removeSync(`${root}/labs/lab4-broken`, { recursive: true });
  expect(discoverLabs(root).map((lab) => lab.manifest.id)).toEqual(["lab3", "lab10"]);
});

test("discoverLabs() says what to restore where there are no labs", () => {
  const empty = Deno.makeTempDirSync();
  expect(() => discoverLabs(empty)).toThrow(`Restore ${empty}/labs`);
  Deno.mkdirSync(`${empty}/labs`);
  expect(() => discoverLabs(empty)).toThrow("there is no lab in it");
  Deno.removeSync(empty, { recursive: true });
});

test("discoverLabs() finds the labs of this checkout", () => {
  expect(discoverLabs(REPO).map((lab) => lab.manifest.id)).toContain("lab3");
});

test("matchLab() does not take a number's beginning for the number", () => {
  expect(matchLab(["lab10-ten"], "1")).toBeNull();
  expect(matchLab(["lab10-ten"], "lab1")).toBeNull();
  expect(matchLab(["lab10-ten"], "10")).toBe("lab10-ten");
});
