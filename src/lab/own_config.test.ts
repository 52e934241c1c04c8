import { expect, test } from "vitest";
import { ownConfig } from "./own_config.ts";

const ours = () => new Set(["@std/cli"]);
const read = (files: Record<string, string>) => (path: string) => files[path] ?? null;
const own = '{ "imports": { "greeting": "./greeting.ts" } }';

test.each<[string, Record<string, string>, string | undefined]>([
  ["nothing", {}, undefined],
  ["one beside the program", { "/a/b/deno.json": own, "/a/deno.json": own }, "/a/b/deno.json"],
  ["one above", { "/a/deno.jsonc": own }, "/a/deno.jsonc"],
  [
    "one for an editor, and an own one above",
    { "/a/b/deno.json": "{}", "/a/deno.json": own },
    undefined,
  ],
  ["a broken one, which Deno explains", { "/a/b/deno.json": "{" }, "/a/b/deno.json"],
  [
    "one with an import map of the standard library",
    {
      "/a/b/deno.json": '{ "importMap": "./maps/own.json" }',
      "/a/b/maps/own.json": '{ "imports": { "@std/cli": "x" } }',
    },
    undefined,
  ],
  [
    "one whose import map is not there",
    { "/a/b/deno.json": '{ "importMap": "/etc/own.json" }' },
    "/a/b/deno.json",
  ],
])("ownConfig() of %s", (_, files, path) => {
  expect(ownConfig(["/a/b", "/a"], read(files), ours)).toBe(path);
});

test("ownConfig() takes relative folders, too", () => {
  const files = { "deno.json": '{ "importMap": "./own.json" }', "own.json": own };
  expect(ownConfig([""], read(files), ours)).toBe("deno.json");
});
