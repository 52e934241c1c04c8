import { expect, test } from "vitest";
import { includeLab, newLab, newLabName } from "./new_lab.ts";

const LAB7 = { folder: "lab7-two-words", id: "lab7", number: 7 };

test.each([
  ["labs/lab7-two-words", LAB7],
  ["./labs/lab7-two-words/", LAB7],
  ["lab7-two-words", LAB7],
  ["lab7", null],
  ["lab0-zero", null],
  ["lab07-zero", null],
  ["lab7-Upper", null],
  ["lab7-", null],
  ["elsewhere/lab7-example", null],
  ["../labs/lab7-example", null],
])("newLabName(%j)", (argument, expected) => expect(newLabName(argument)).toEqual(expected));

test("newLab() puts the lab's own id, title, port and network into the template", () => {
  const template = [
    { path: "lab.json", text: '{ "id": "lab0", "title": "Example", "port": 7000 }' },
    {
      path: "README.md",
      text: "# lab0: Example\n\nlab0, Example: 70000, `--port 7000`, my-lab0. Example",
    },
    { path: "compose.ipv6.yaml", text: "lab0:\n  - ${P}:0::/64" },
    { path: "checks_test.ts", text: "contract" },
    { path: "tool", text: "", executable: true },
  ];
  expect(newLab(template, LAB7)).toEqual([
    { path: "lab.json", text: '{ "id": "lab7", "title": "Two words", "port": 7007 }' },
    {
      path: "README.md",
      text: "# lab7: Two words\n\nlab7, Two words: 70000, `--port 7007`, my-lab7. Example",
    },
    { path: "compose.ipv6.yaml", text: "lab7:\n  - ${P}:7::/64" },
    { path: "checks.test.ts", text: "contract" },
    { path: "tool", text: "", executable: true },
  ]);
});

test("includeLab() adds an entry in the order of numbers", () => {
  const text = "# Why.\ninclude:\n  - labs/lab2-a/compose.yaml\n  - labs/lab10-b/compose.yaml\n";
  expect(includeLab(text, LAB7)).toBe(
    "# Why.\ninclude:\n  - labs/lab2-a/compose.yaml\n  - labs/lab7-two-words/compose.yaml\n" +
      "  - labs/lab10-b/compose.yaml\n",
  );
  expect(includeLab(text, { folder: "lab11-c", id: "lab11", number: 11 })).toBe(
    `${text}  - labs/lab11-c/compose.yaml\n`,
  );
});

test("includeLab() adds an entry of several lines where the others are", () => {
  const entry = (lab: string) =>
    `  - path:\n      - labs/${lab}/compose.yaml\n      - labs/${lab}/compose.ipv6.yaml\n`;
  expect(includeLab(`include:\n${entry("lab6-a")}`, LAB7)).toBe(
    `include:\n${entry("lab6-a")}${entry("lab7-two-words")}`,
  );
});
