import { expect, test } from "vitest";
import { batchOf, checkOf, gradedOf, HOSTILE_BATCH, MIXED } from "./results_for_test.ts";
import { text } from "./text.ts";
import { textWidth } from "./text_width.ts";

test("text() has a line for each submission, and below what they have in common", () => {
  expect(text(MIXED)).toBe(`lab3, UDP uppercase: 5 submissions, seed 7

  submission  score  failed  not judged
✓ ada         20/20
✗ bob          5/20       3              Add client.ts to your folder; two
? carol        5/17       1           2  not judged: three, four; two
! dave            -       -           -  rejected: Write valid JSON in submission.json
! erin            -       -           -  not graded to its end

3 graded, 1 rejected, 1 not graded to the end
Scores from 5 to 20 of 20 points, median 12.5
Failed most often: two (2)
Grade again: 2 checks came to no verdict, 7 points that are neither won nor lost
`);
});

test("text() says no more than there is to say of one submission", () => {
  expect(text(batchOf([gradedOf("ada", [checkOf("one", { points: 1 })])]))).toBe(
    `lab3, UDP uppercase: 1 submission, seed 7

  submission  score  failed  not judged
✓ ada           1/1

`,
  );
  expect(text(batchOf([]))).toContain("0 submissions");
});

test("text() keeps its columns below each other, whatever the names", () => {
  const names = ["東京都", "e\u0301mile", "🇫🇷", "a\u001b[31m\nb", "x".repeat(60)];
  const lines = text(batchOf(names.map((name) => gradedOf(name, [checkOf("one")]))))
    .split("\n").slice(3, 3 + names.length);
  const columns = lines.map((line) => textWidth(line.slice(0, line.indexOf("5/5"))));
  expect(new Set(columns).size).toBe(1);
  expect(lines[3]).toMatch(/^✓ a␛\[31m␊b {2,}5\/5$/);
  expect(lines[4]).toMatch(/^✓ x{31}… {4}5\/5$/);
});

test("text() names as many checks as there is room for", () => {
  const ids = Array.from({ length: 30 }, (_, index) => `check-${index + 1}`);
  const graded = gradedOf("ada", ids.map((id) => checkOf(id, { verdict: "fail" })));
  const line = (columns: number) => text(batchOf([graded]), { columns }).split("\n")[3]!;
  expect(line(100)).toMatch(/ 30 {14}check-1, check-2, .* and \d+ more$/);
  expect(line(100).length).toBeLessThanOrEqual(100);
  expect(line(20)).toMatch(/ {2}check-1 and 29 more$/);
});

test("text() paints verdicts only, and prints nothing that a terminal acts on", () => {
  const mark = (name: string) => (inner: string) => `<${name}>${inner}</${name}>`;
  const paint = {
    ...{ bold: mark("b"), dim: mark("d"), red: mark("r"), green: mark("g"), yellow: mark("y") },
  };
  const painted = text(MIXED, { paint });
  expect(painted).toContain("<g>✓</g> ada ");
  expect(painted).toContain("<r>✗</r> bob ");
  expect(painted.replace(/<\/?\w>/g, "")).toBe(text(MIXED));
  // deno-lint-ignore no-control-regex
  expect(text(HOSTILE_BATCH)).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
});
