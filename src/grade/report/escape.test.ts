import fc from "fast-check";
import { expect, test } from "vitest";
import {
  csvField,
  githubData,
  githubProperty,
  githubText,
  markdownBlock,
  markdownName,
  markdownText,
  oneLine,
  printable,
  tapText,
  xmlAttribute,
  xmlText,
} from "./escape.ts";
import { HOSTILE } from "./results_for_test.ts";

test("printable() shows control characters as pictures, and what turns or hides text as U+FFFD", () => {
  expect(printable("a\0\x1b[31m\r\x7f")).toBe("a␀␛[31m␍␡");
  expect(printable("\u202eexe\u2066\ufeff\u009b\u2028")).toBe("�exe����");
  expect(printable("\ud800x")).toBe("�x");
});

test("printable() leaves lines, tabs and every script as they are", () => {
  const text = "ß é 東京 नमस्ते می\u200cخواهم 👩\u200d👩\u200d👧 🇫🇷\n\tend";
  expect(printable(text)).toBe(text);
});

test("oneLine() shows ends of lines and tabs too", () => {
  expect(oneLine("a\r\nb\tc")).toBe("a␍␊b␉c");
});

test("every text is well-formed and without control characters afterwards", () => {
  fc.assert(fc.property(fc.uint16Array(), (units) => {
    const text = String.fromCharCode(...units);
    // deno-lint-ignore no-control-regex
    expect(oneLine(text)).not.toMatch(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]/);
    expect(oneLine(text).isWellFormed()).toBe(true);
  }));
});

test("xmlText() and xmlAttribute() leave nothing that is markup, and no character that XML lacks", () => {
  expect(xmlText(']]> <a> & "b"\n\ufffe')).toBe(']]&#62; &#60;a&#62; &#38; "b"\n�');
  expect(xmlAttribute('a"b\n')).toBe("a&#34;b␊");
});

test("tapText() lets neither a directive nor a line begin", () => {
  expect(tapText(" a # TODO \\ \nok 1 ")).toBe("a \\# TODO \\\\ ␊ok 1");
});

test("csvField() quotes commas and quotes, and defuses what a spreadsheet computes", () => {
  expect(["=1", "+1", "-1", "@A", "\t=1", "  =1", "＝1"].map(csvField))
    .toEqual(["'=1", "'+1", "'-1", "'@A", "␉=1", "'  =1", "'＝1"]);
  expect(csvField('a,"b"')).toBe('"a,""b"""');
  expect([null, 0, 1.5].map(csvField)).toEqual(["", "0", "1.5"]);
});

test("githubData() and githubProperty() escape what ends them", () => {
  expect(githubData("50%\n::x")).toBe("50%25%0A::x");
  expect(githubProperty("a: b, c\n")).toBe("a%3A b%2C c␊");
  expect(githubText("x ##[error]y")).toBe("x # #[error]y");
});

test("markdownText() leaves plain words as they are", () => {
  const words = 'Changes a-z, "sizes" (1,473): it\'s 100 % + more; ends.';
  expect(markdownText(words)).toBe(words);
  expect(markdownName("ada@x")).toBe("<code>ada<span>@</span>x</code>");
});

test("markdownBlock() takes a fence longer than any inside, and keeps to it", () => {
  for (const text of HOSTILE) {
    const lines = markdownBlock([text, "end"]).split("\n");
    const fence = lines.at(-1)!;
    expect(fence).toMatch(/^`{3,}$/);
    expect(lines[0]).toBe(`${fence}text`);
    expect(lines.slice(1, -1).filter((line) => line.includes(fence))).toEqual([]);
  }
});
