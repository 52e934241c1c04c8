import { expect, test } from "vitest";
import { anchorsOf, linkProblems, nameProblems, symbolProblems } from "./doc_rules.ts";

const messages = (problems: { message: string }[]) => problems.map(({ message }) => message);

test("nameProblems() finds hosts and one machine's paths, with their lines", () => {
  // In pieces, so that this file passes the check itself.
  const text = ["ok", `see /${"work"}/main`, `from registry.${"npmjs"}.org`].join("\n");
  expect(nameProblems("README.md", text)).toEqual([
    { path: "README.md", line: 2, message: `Write a path of the checkout, not /${"work"}/main` },
    {
      path: "README.md",
      line: 3,
      message: `Leave the registry to the user's settings, not registry.${"npmjs"}.org`,
    },
  ]);
  expect(nameProblems("a.ts", "src/work" + "/main, homework/x, npm install, debian")).toEqual([]);
});

test("anchorsOf() makes anchors of headings as forges do", () => {
  expect(anchorsOf("# A title\n## `lab run`, in short\n## Again\n```\n# code\n```\n## Again\n"))
    .toEqual(["a-title", "lab-run-in-short", "again", "again-1"]);
});

test("linkProblems() follows links to files, folders and headings", () => {
  const files: Record<string, string> = {
    "docs/architecture.md": "# Rooms\n## The link\n",
    "docs/a b.md": "",
    docs: "",
    LICENSE: "MIT",
  };
  const check = (text: string, path = "README.md") =>
    messages(linkProblems(path, text, (target) => files[target]));
  expect(check("# Top\n[a](docs/architecture.md#the-link) [b](docs/) [c](LICENSE) [d](#top)"))
    .toEqual(
      [],
    );
  expect(check("[a](../LICENSE) [b](architecture.md)", "docs/x.md")).toEqual([]);
  expect(check("[a](docs/a%20b.md) [b](https://deno.com/x) [c](mailto:x@y.z)")).toEqual([]);
  expect(check("[a](docs/gone.md)\n\n[b]: nowhere.md")).toEqual([
    "Correct the link to docs/gone.md: there is no docs/gone.md",
    "Correct the link to nowhere.md: there is no nowhere.md",
  ]);
  expect(check("[a](docs/architecture.md#nothing)\n[b](#nothing)")).toEqual([
    "Correct the link to docs/architecture.md#nothing: docs/architecture.md has no such heading",
    "Correct the link to #nothing: README.md has no such heading",
  ]);
  expect(check("```\n[a](gone.md)\n```\n`[b](gone.md)`\n")).toEqual([]);
  expect(linkProblems("README.md", "```\ncode\n```\n\n[a](gone)", () => undefined)[0]?.line).toBe(
    5,
  );
});

test("symbolProblems() names exports without a doc comment, once each", () => {
  const location = { filename: "file:///my/checkout/src/a%20b/x.ts", line: 4 };
  const symbols = [
    { name: "told", declarations: [{ location, kind: "function", jsDoc: { doc: "Tells" } }] },
    { name: "silent", declarations: [{ location, kind: "function" }] },
    { name: "blank", declarations: [{ location, kind: "interface", jsDoc: { doc: " " } }] },
    {
      name: "overloaded",
      declarations: [{ location, kind: "function" }, {
        location,
        kind: "function",
        jsDoc: { doc: "Tells" },
      }],
    },
  ];
  expect(symbolProblems({ symbols }, "/my/checkout")).toEqual([
    {
      path: "src/a b/x.ts",
      line: 5,
      message: "Add a doc comment to silent, which the room's door exports",
    },
    {
      path: "src/a b/x.ts",
      line: 5,
      message: "Add a doc comment to blank, which the room's door exports",
    },
  ]);
});
