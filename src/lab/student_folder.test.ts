import { expect, test } from "vitest";
import { isForEditor } from "./editor_config.ts";
import { studentFolder } from "./student_folder.ts";

const files = studentFolder({
  id: "lab3",
  labFolder: "labs/lab3-udp",
  checkout: "/home/anna's/socklab",
  handout: "# lab3\n\nText.\n",
  starter: [
    { path: "server.ts", text: "server" },
    { path: "tool.sh", text: "tool", executable: true },
    { path: "starter.test.ts", text: "ours" },
    { path: ".hidden", text: "hidden" },
  ],
  imports: {
    "@std/cli/parse-args": "file:///modules/deno-std/cli/parse_args.js",
  },
  lib: ["deno.window", "dom"],
  stdTypes: "declare module",
});
const read = (path: string) => files.find((file) => file.path === path)!.text;

test("studentFolder() has the starter without its tests, and nothing hidden but the editor's settings", () => {
  expect(files.map(({ path }) => path).sort()).toEqual([
    ".vscode/extensions.json",
    ".vscode/settings.json",
    "README.md",
    "deno.json",
    "imports.json",
    "lab",
    "server.ts",
    "tool.sh",
    "types/std.d.ts",
  ]);
  expect(files.filter(({ executable }) => executable).map(({ path }) => path))
    .toEqual(["tool.sh", "lab"]);
});

test("studentFolder() maps the standard library and nothing else", () => {
  expect(JSON.parse(read("imports.json"))).toEqual({
    imports: { "@std/cli/parse-args": "file:///modules/deno-std/cli/parse_args.js" },
  });
  const ours = new Set(["@std/cli/parse-args"]);
  expect(isForEditor(read("deno.json"), ours, () => read("imports.json"))).toBe(true);
});

test("studentFolder() calls the checkout by its path, whatever is in it", () => {
  expect(read("lab")).toContain(`checkout='/home/anna'\\''s/socklab'\n`);
});
