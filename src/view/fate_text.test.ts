import { expect, test } from "vitest";
import { foretell, parseProfile, parseScriptLine } from "../netem/mod.ts";
import { fateFigures } from "./fate_figures.ts";
import { fateText } from "./fate_text.ts";

const way = { count: 12, intervalUs: 1000, frameBytes: 98 };
const script = "lose 1,4; duplicate 6; corrupt 7; delay 2 by 500ms";

function scripted() {
  return foretell(parseProfile("delay 5ms"), { ...way, script: parseScriptLine(script) });
}

test("fateText() shows strip, table and statistics", () => {
  expect(fateText(scripted(), { ...way, script })).toBe(
    `\
profile  delay 5ms
packets  12, of 98 bytes, one every 1 ms
script   lose 1,4; duplicate 6; corrupt 7; delay 2 by 500ms

   1  x.<x<2!<<<<<

  . arrives   x lost   2 arrives twice   ! arrives damaged   < overtakes one sent before it

  packet  sent at ms  what happens
       1       0.000  lost
       3       2.000  overtakes, arrives after 5.000 ms
       4       3.000  lost
       5       4.000  overtakes, arrives after 5.000 ms
       6       5.000  arrives twice, after 5.000 ms and 5.000 ms
       7       6.000  arrives damaged, after 5.000 ms
       8       7.000  overtakes, arrives after 5.000 ms
       9       8.000  overtakes, arrives after 5.000 ms
      10       9.000  overtakes, arrives after 5.000 ms
      11      10.000  overtakes, arrives after 5.000 ms
      12      11.000  overtakes, arrives after 5.000 ms

                      asked for  what comes of it
  lost                -          2 of 12 (16.7 %)
  arrive twice        -          1 of 12 (8.3 %)
  arrive damaged      -          1 of 12 (8.3 %)
  overtake            -          9 of 12 (75 %)
  delay               5 ms       min/avg/max 5.000/50.455/505.000 ms
                                 p50/p90/p99 5.000/5.000/505.000 ms
  most lost in a row             1 (packet 1)
`,
  );
});

test("fateText() breaks the strip at the width, and cuts table and strip where they grow long", () => {
  const many = { ...way, count: 500 };
  const text = fateText(foretell(parseProfile("loss 50% seed 1"), many), {
    ...many,
    width: 40,
    rows: 3,
    stripLength: 60,
  });
  expect(text).toMatch(/^ {3}1 {2}[.x]{30}\n {2}31 {2}[.x]{30}\n {2}… and 440 more$/m);
  expect(text).toMatch(/^ {2}… and \d+ more\n\n/m);
  for (const line of text.split("\n").slice(3, 6)) expect(line.length).toBeLessThanOrEqual(40);
});

test("fateText() in brief is heading, strip and delays", () => {
  const brief = fateText(foretell(parseProfile("delay 20ms 10ms loss 25% seed 3"), way), {
    ...way,
    brief: true,
  });
  expect(brief).toMatch(
    /^profile .*\npackets .*\n\n.*\n\n.*\n\n {2}min\/avg\/p90\/max [\d.\/]+ ms\n$/,
  );
  const still = fateText(foretell(parseProfile("loss 25% seed 3"), way), { ...way, brief: true });
  expect(still).not.toContain("min/avg");
});

test("fateText() of a perfect wire has no table", () => {
  const text = fateText(foretell(parseProfile(""), way), way);
  expect(text).toContain("none (a perfect wire)");
  expect(text).not.toContain("what happens");
});

test("fateText() uses escape sequences only where colours are wanted", () => {
  expect(fateText(scripted(), way)).not.toContain("\x1b");
  expect(fateText(scripted(), { ...way, colour: true })).toContain("\x1b[31mx\x1b[0m");
});

test("fateFigures() finds the longest run of losses", () => {
  const lose = parseScriptLine("lose 2-3,6-9,11");
  const figures = fateFigures(foretell(parseProfile(""), { ...way, script: lose }));
  expect(figures.longestRun).toEqual({ first: 6, length: 4 });
  expect(figures.lost).toBe(7);
});

test("fateFigures() takes percentiles that occurred", () => {
  const steps = Array.from({ length: 10 }, (_, i) => `delay ${i + 1} by ${i + 1}ms`).join("; ");
  const ten = { count: 10, intervalUs: 1e6, frameBytes: 98, script: parseScriptLine(steps) };
  expect(fateFigures(foretell(parseProfile(""), ten)).delayMs).toEqual(
    { min: 1, avg: 5.5, p50: 5, p90: 9, p99: 10, max: 10 },
  );
});
