import { expect, test } from "vitest";
import { isForEditor } from "./editor_config.ts";

const ours = new Set(["@std/cli/parse-args", "@std/bytes/concat"]);

test.each([
  "{}",
  '{ "imports": {} }',
  '{ "imports": { "@std/cli/parse-args": "jsr:@std/cli@1/parse-args" }, "unstable": ["net"] }',
  '{ "tasks": { "run": "x" }, "compilerOptions": { "types": ["./a.d.ts"] }, "fmt": {}, "lock": false }',
  '// mine\n{ "imports": { /* one */ "@std/bytes/concat": "https://example.org/a.js", }, }',
])("isForEditor() holds for %s", (text) => {
  expect(isForEditor(text, ours)).toBe(true);
});

test.each([
  '{ "imports": { "greeting": "./greeting.ts" } }',
  '{ "imports": { "@std/async": "jsr:@std/async@1" } }',
  '{ "importMap": "a.json" }',
  '{ "scopes": {} }',
  '{ "unstable": ["kv"] }',
  '{ "permissions": {} }',
  "[]",
  "null",
  "{",
  "",
])("isForEditor() does not hold for %s", (text) => {
  expect(isForEditor(text, ours)).toBe(false);
});

test.each([
  ['{ "imports": { "@std/bytes/concat": "npm:a" } }', true],
  ['{ "imports": { "greeting": "./greeting.ts" } }', false],
  ['{ "imports": {}, "scopes": {} }', false],
  ["", false],
])("isForEditor() looks into the import map that a configuration names: %s is %s", (map, holds) => {
  const read = (path: string) => path === "./imports.json" ? map : "";
  expect(isForEditor('{ "importMap": "./imports.json" }', ours, read)).toBe(holds);
});

test("isForEditor() takes no comment for one that stands in a string", () => {
  const text = '{ "imports": { "@std/bytes/concat": "https://a/*b" }, "name": "*/,}" }';
  expect(isForEditor(text, ours)).toBe(true);
});

test.each([
  ["comments", "/*"],
  ["texts", '"\\'],
  ["commas", ", "],
  ["brackets", "["],
])("isForEditor() is soon done with a million %s that do not end", (_, text) => {
  const began = performance.now();
  expect(isForEditor(`{"x": ${text.repeat(1_000_000)}`, ours)).toBe(false);
  expect(performance.now() - began).toBeLessThan(5000);
});
