import fc from "fast-check";
import { expect, test } from "vitest";
import { ProfileError } from "./error.ts";
import { formatProfile } from "./format.ts";
import { parseProfile, profileNotes } from "./parse.ts";

test.each([
  ["", ""],
  ["none", ""],
  ["  \t", ""],
  ["delay 100ms 20ms distribution normal loss 10% seed 42", null],
  ["latency 10ms", "delay 10ms"],
  ["drop 10%", "loss 10%"],
  ["loss 10", "loss 10%"],
  ["loss random 10% 25", "loss 10% 25%"],
  ["loss 0%", ""],
  ["loss 1e-8%", ""],
  ["delay 1ms reorder 0.00000002%", "delay 1ms reorder 2e-8%"],
  ["delay 0", ""],
  ["delay 10ms 0", "delay 10ms"],
  ["delay 10", "delay 10us"],
  ["delay 1e3", "delay 1ms"],
  ["delay .5MS", "delay 500us"],
  ["delay 1500ms", "delay 1.5s"],
  ["delay 274s", null],
  ["delay 1234567ns", "delay 1234.567us"],
  ["delay 2secs 3msec 100%", "delay 2s 3ms 100%"],
  ["distribution pareto delay 10ms 5ms", "delay 10ms 5ms distribution pareto"],
  ["delay 10ms 5ms distribution uniform", "delay 10ms 5ms"],
  ["loss state 1 2 3 4 5", "loss state 1% 2% 3% 4% 5%"],
  ["loss gemodel 1% 10% 70% 0.1%", null],
  ["ecn loss 1%", "loss 1% ecn"],
  [
    "d 10ms du 1% dr 2% c 3% r 4% g 5 li 6 ra 1mbit sl 1ms p 2 b 3k",
    [
      "limit 6 delay 10ms loss 2% corrupt 3% duplicate 1% reorder 4% gap 5",
      "rate 1mbit slot 1ms packets 2 bytes 3072",
    ].join(" "),
  ],
  ["delay 1ms gap 0 reorder 25% 50%", "delay 1ms reorder 25% 50%"],
  ["limit 10k", "limit 10240"],
  ["limit 1000", ""],
  ["rate 1000", "rate 1kbit"],
  ["rate 9bit", "rate 8bit"],
  ["rate 1kbps", "rate 8kbit"],
  ["rate 1kibit", "rate 1.024kbit"],
  ["rate 1.1mbit", "rate 1.1mbit"],
  ["rate 0", ""],
  ["rate 1mbit 0 48", "rate 1mbit 0 48"],
  ["rate 1mbit -14 0x30 -4", "rate 1mbit -14 48 -4"],
  ["slot 800us", null],
  ["slot 1ms 2ms packets 3 bytes 3kbit", "slot 1ms 2ms packets 3 bytes 384"],
  ["slot distribution paretonormal 1ms 2ms packets 3", null],
  ["seed 18446744073709551615", null],
  ["seed 007", "seed 7"],
])("formatProfile(parseProfile(%j)) is %j", (text, canonical) => {
  expect(formatProfile(parseProfile(text))).toBe(canonical ?? text);
});

test.each([
  ["delay 100mx", 7, "100mx", "Write the delay as a time up to 274s, such as 100ms"],
  ["delay", 6, "", "Write the delay as a time up to 274s"],
  ["delay -5ms", 7, "-5ms", "Write the delay"],
  ["delay 5000s", 7, "5000s", "Write the delay"],
  ["delay 275s", 7, "275s", "Write the delay as a time up to 274s"],
  ["delay 10 ms", 10, "ms", "Write one of limit, delay"],
  ["delay 1s 3s", 10, "3s", "Write the jitter as a time up to 2.147s"],
  ["delay 10ms 25%", 12, "25%", "Write the jitter"],
  ["delay 10ms 0 25%", 14, "25%", "Give a jitter above 0"],
  ["delay inf", 7, "inf", "Write the delay"],
  ["dealy 100ms", 1, "dealy", "Write one of limit, delay"],
  ["loss 101%", 6, "101%", "Write the loss as a percentage"],
  ["loss -1%", 6, "-1%", "Write the loss"],
  ["loss 5%%", 6, "5%%", "Write the loss"],
  ["loss", 5, "", "Write the loss"],
  ["loss 0% 10%", 9, "10%", "Give a loss above 0%"],
  ["loss 1% 2% 3%", 12, "3%", "Write one of"],
  ["loss 1% loss 2%", 9, "loss", "Write loss only once"],
  ["loss 1% drop 2%", 9, "drop", "Write loss only once"],
  ["loss stat 1%", 6, "stat", "Write the loss"],
  ["loss state 1% 2% 3% 4% 5% 6%", 27, "6%", "Write one of"],
  ["delay 1ms delay 2ms", 11, "delay", "Write delay only once"],
  ["reorder 25%", 1, "reorder", "Give a delay above 0"],
  ["delay 0ms 5ms reorder 25%", 15, "reorder", "Give a delay above 0"],
  ["delay 1ms gap 5", 11, "gap", "Give a reorder above 0%"],
  ["distribution normal", 1, "distribution", "Give a delay and a jitter"],
  ["delay 10ms distribution normal", 12, "distribution", "Give a delay and a jitter above 0"],
  ["delay 0 5ms distribution normal", 13, "distribution", "Give a delay and a jitter above 0"],
  ["delay 1ms 1ms distribution norm", 28, "norm", "Write one of uniform, normal"],
  ["slot distribution uniform 1ms 1ms", 19, "uniform", "Write one of normal, pareto"],
  ["slot distribution normal 1ms 0", 30, "0", "Write the slot's jitter"],
  ["slot 2ms 1ms", 10, "1ms", "Write the slot's longest delay"],
  ["slot 0", 6, "0", "Write the slot as a time above 0"],
  ["slot 1ms packets 1 p 2", 20, "p", "Write packets only once"],
  ["loss 1e-8% ecn", 12, "ecn", "Give a loss above 0%"],
  ["delay 1ms reorder 1e-8% gap 5", 25, "gap", "Give a reorder above 0%"],
  ["ecn", 1, "ecn", "Give a loss above 0%"],
  ["s 5", 1, "s", "Write slot or seed"],
  ["seed -1", 6, "-1", "Write the seed as a whole number"],
  ["seed 18446744073709551616", 6, "18446744073709551616", "Write the seed"],
  ["seed 0x2a", 6, "0x2a", "Write the seed"],
  ["rate 1k", 6, "1k", "Write the rate such as 1mbit"],
  ["rate 7bit", 6, "7bit", "Write a rate of at least 8bit"],
  ["rate 10%", 6, "10%", "Write the rate itself"],
  ["limit 4294967296", 7, "4294967296", "Write the limit"],
  ["loss 1% none", 9, "none", "Write none alone"],
])("parseProfile(%j) names column %i and %j", (text, column, word, advice) => {
  const error = caught(() => parseProfile(text));
  expect(error).toBeInstanceOf(ProfileError);
  expect(error).toMatchObject({ column, word });
  expect((error as Error).message.startsWith(advice)).toBe(true);
  expect((error as Error).message.endsWith(word === "" ? "got nothing" : `got '${word}'`)).toBe(
    true,
  );
});

test("a ProfileError stays on one short line whatever the word", () => {
  const error = caught(() => parseProfile(`loss \u0007\u009b${"9".repeat(500)}x`));
  expect((error as Error).message).toMatch(/^[\x20-\x7e…]{1,160}$/);
});

test("profileNotes() tells of bare times and rates what they were taken for, and of nothing else", () => {
  expect(profileNotes("delay 10 5ms loss 10 limit 5")).toEqual([
    "10 in column 7 was taken for 10 microseconds: write 10us, or 10ms for milliseconds",
  ]);
  expect(profileNotes("rate 1000 14 48")).toEqual([
    "1000 in column 6 was taken for 1000 bits per second: write 1000bit, or 1000kbit for thousands",
  ]);
  const plain =
    "delay 0 5ms 25 loss 10 3 rate 1mbit 14 limit 100 slot 20ms 30ms packets 3 bytes 3000";
  expect(profileNotes(plain)).toEqual([]);
});

test("bare times of slots are nanoseconds, as every tc reads them", () => {
  expect(parseProfile("slot 1000 2000").slot).toMatchObject({ minNs: 1000, maxNs: 2000 });
  expect(parseProfile("slot distribution normal 1000 500").slot)
    .toMatchObject({ delayNs: 1000, jitterNs: 500 });
  expect(profileNotes("slot 1000")).toEqual([
    "1000 in column 6 was taken for 1000 nanoseconds: write 1000ns, or 1000ms for milliseconds",
  ]);
});

const word = fc.constantFrom(
  ..."limit delay loss random state gemodel ecn corrupt duplicate reorder gap rate slot seed".split(
    " ",
  ),
  ..."distribution normal uniform packets bytes none 10ms 5 25% 1mbit -14 0 1e9 99999999999 x"
    .split(
      " ",
    ),
);

test("parseProfile() throws nothing but ProfileError, at a column inside the text", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(fc.oneof(word, fc.string()), { maxLength: 12 }).map((words) => words.join(" ")),
  );
  fc.assert(
    fc.property(text, (input) => {
      try {
        const canonical = formatProfile(parseProfile(input));
        expect(formatProfile(parseProfile(canonical))).toBe(canonical);
      } catch (error) {
        if (!(error instanceof ProfileError)) throw error;
        expect(error.column).toBeGreaterThanOrEqual(1);
        expect(error.column).toBeLessThanOrEqual(input.length + 1);
        expect(input.substring(error.column - 1)).toSatisfy((rest: string) =>
          rest.startsWith(error.word)
        );
        expect(error.message).not.toMatch(/[\n\r]/);
      }
    }),
    { seed: 4, numRuns: 5000 },
  );
});

function caught(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}
