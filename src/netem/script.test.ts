import fc from "fast-check";
import { expect, test } from "vitest";
import { ProfileError } from "./error.ts";
import { ScriptAct, ScriptCursor } from "./script.ts";
import { formatScript, formatScriptLine, parseScript, parseScriptLine } from "./script_text.ts";

test.each([
  ["", ""],
  [" ;\n ", ""],
  ["lose 1,4", "lose 1,4"],
  ["lose 4, 1", "lose 1,4"],
  ["lose 3-5", "lose 3-5"],
  ["lose 1,2,3,7", "lose 1-3,7"],
  ["lose 1; lose 2", "lose 1-2"],
  ["lose 1,4; duplicate 6", "lose 1,4; duplicate 6"],
  ["lose 1,4, duplicate 6", "lose 1,4; duplicate 6"],
  ["lose 1\nduplicate 6\n", "lose 1; duplicate 6"],
  ["delay 2 by 500ms, corrupt 7", "corrupt 7; delay 2 by 500ms"],
  ["delay 2,5-6 by .5s", "delay 2 by 500ms; delay 5-6 by 500ms"],
  ["hold 8 until 9; corrupt 8", "corrupt 8; hold 8 until 9"],
  ["up: lose 1", "lose 1"],
  ["down: lose 1", "down: lose 1"],
  ["lose 1; down: duplicate 2; up: lose 3", "up: lose 1,3; down: duplicate 2"],
])("formatScript(parseScript(%j)) is %j", (text, canonical) => {
  expect(formatScript(parseScript(text))).toBe(canonical);
});

test.each([
  ["loose 1", 1, "loose", "Write lose, duplicate"],
  ["lose", 5, "", "Write packet numbers from 1"],
  ["lose 0", 6, "0", "Write packet numbers from 1"],
  ["lose 5-3", 6, "5-3", "Write packet numbers from 1"],
  ["lose 1,", 8, "", null],
  ["lose 1 4", 8, "4", "Write a semicolon"],
  ["lose 99999999999", 6, "99999999999", "Write packet numbers"],
  ["delay 2", 8, "", "Write by and a time"],
  ["delay 2 by 500", 12, "500", "Write a time above 0 with its unit"],
  ["delay 2 by 0ms", 12, "0ms", "Write a time above 0"],
  ["delay 2 by 1s; delay 1-3 by 2s", 22, "1-3", "Delay a packet only once"],
  ["hold 8", 7, "", "Write until"],
  ["hold 8 until 8", 14, "8", "Name a later packet"],
  ["hold 8 until 9; hold 8 until 10", 17, "hold", "Hold a packet only once"],
  ["lose 4; corrupt 3-5", 17, "3-5", "Name a lost packet nowhere else"],
  ["duplicate 4; lose 3-5", 19, "3-5", "Name a lost packet nowhere else"],
  ["up lose 1", 4, "lose", "Write up: with a colon"],
])("parseScript(%j) names column %i and %j", (text, column, word, advice) => {
  let error: unknown;
  try {
    parseScript(text);
  } catch (caught) {
    error = caught;
  }
  if (advice === null) {
    expect(error).toBeUndefined();
    return;
  }
  expect(error).toBeInstanceOf(ProfileError);
  expect(error).toMatchObject({ column, word });
  expect((error as Error).message).toContain(advice);
});

test("parseScriptLine() refuses directions", () => {
  expect(() => parseScriptLine("up: lose 1")).toThrow(/^Leave out up and down.*: column 1/);
});

test("ScriptCursor tells each packet's acts with time and partner", () => {
  const cursor = new ScriptCursor(
    parseScriptLine("lose 1; duplicate 3-5; corrupt 4; delay 5 by 2us; hold 7 until 9"),
  );
  const acts = Array.from({ length: 8 }, (_, index) => cursor.acts(index + 1));
  expect(acts).toEqual([
    ScriptAct.Lose,
    0,
    ScriptAct.Duplicate,
    ScriptAct.Duplicate | ScriptAct.Corrupt,
    ScriptAct.Duplicate | ScriptAct.Delay,
    0,
    ScriptAct.Hold,
    0,
  ]);
  const fresh = new ScriptCursor(parseScriptLine("delay 5 by 2us; hold 7 until 9"));
  fresh.acts(5);
  expect(fresh.delayNs).toBe(2000);
  fresh.acts(7);
  expect(fresh.until).toBe(9);
});

const number = fc.integer({ min: 1, max: 40 });
const list = fc.array(
  fc.oneof(number.map(String), fc.tuple(number, number).map(([a, b]) => `${a}-${a + b}`)),
  {
    minLength: 1,
    maxLength: 3,
  },
).map((parts) => parts.join(","));
const statement = fc.oneof(
  list.map((packets) => `lose ${packets}`),
  list.map((packets) => `duplicate ${packets}`),
  list.map((packets) => `corrupt ${packets}`),
  fc.tuple(list, number).map(([packets, ms]) => `delay ${packets} by ${ms}ms`),
  fc.tuple(number, number).map(([packet, more]) => `hold ${packet} until ${packet + more}`),
  fc.constantFrom("up:", "down:"),
  fc.string({ maxLength: 6 }),
);

test("what parseScript() reads, formatScript() writes so that it reads back the same", () => {
  let read = 0;
  fc.assert(
    fc.property(
      fc.array(statement, { maxLength: 3 }),
      fc.constantFrom("; ", ", ", "\n"),
      (statements, between) => {
        const text = statements.join(between);
        try {
          const script = parseScript(text);
          read++;
          expect(parseScript(formatScript(script))).toEqual(script);
          expect(parseScriptLine(formatScriptLine(script.down))).toEqual(script.down);
        } catch (error) {
          if (!(error instanceof ProfileError)) throw error;
          expect(error.message).not.toMatch(/[\n\r]/);
        }
      },
    ),
    { seed: 5, numRuns: 3000 },
  );
  expect(read).toBeGreaterThan(500);
});
