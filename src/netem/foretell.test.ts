import { expect, test } from "vitest";
import { foretell } from "./foretell.ts";
import { Netem } from "./netem.ts";
import { parseProfile } from "./parse.ts";
import { parseScriptLine } from "./script_text.ts";

const way = { count: 12, intervalUs: 1000, frameBytes: 98 };

test("foretell() tells copies, damage, order and delays of scripted packets", () => {
  const script = parseScriptLine(
    "lose 1,4; duplicate 6; delay 2 by 500ms; corrupt 7; hold 8 until 10",
  );
  const fates = foretell(parseProfile("delay 5ms"), { ...way, script });
  expect(fates).toEqual({
    profile: "delay 5ms",
    count: 12,
    copies: "011012111111",
    corrupted: [7],
    order: [3, 5, 6, 6, 7, 9, 10, 8, 11, 12, 2],
    delay_us: [[], [505000], [5000], [], [5000], [5000, 5000], [5000], [7000], [5000], [5000], [
      5000,
    ], [5000]],
  });
});

test("foretell() never lets a packet arrive before it was sent", () => {
  const profile = parseProfile("delay 1ms 50ms distribution normal seed 4");
  const { delay_us } = foretell(profile, { ...way, count: 500 });
  expect(delay_us.flat().every((us) => us >= 0)).toBe(true);
});

test("foretell() goes on where a slot begins anew", () => {
  const { copies, delay_us } = foretell(parseProfile("delay 1ms slot 20ms packets 3"), way);
  expect(copies).toBe("1".repeat(12));
  expect(delay_us.flat().map((us) => us / 1000)).toEqual(
    [20, 19, 18, 37, 36, 35, 54, 53, 52, 71, 70, 69],
  );
});

test("foretell() of a packet held for one that never comes: it does not arrive", () => {
  const script = parseScriptLine("hold 2 until 13");
  expect(foretell(parseProfile(""), { ...way, script }).copies).toBe("101111111111");
});

test("foretell() says what a link does that takes packets at other times", () => {
  const profile = parseProfile("loss 20% duplicate 10% corrupt 10% delay 5ms 3ms seed 21");
  const foretold = foretell(profile, { ...way, count: 300 });
  const model = new Netem(profile);
  let copies = "";
  for (let n = 1; n <= 300; n++) copies += model.enqueue(n, 1000, n * 7777);
  expect(copies).toBe(foretold.copies);
});

test("foretell() measures the chances that the profile asks for", () => {
  const profile = parseProfile("loss 10% duplicate 5% corrupt 2% seed 1");
  const count = 200_000;
  const { copies, corrupted } = foretell(profile, { ...way, count });
  const share = (digit: string) => copies.split(digit).length - 1;
  // Five standard deviations around what the draws' order makes of the chances.
  expect(share("0") / count).toBeCloseTo(0.1 * 0.95, 2);
  expect(share("2") / count).toBeCloseTo(0.9 * 0.05 * 0.9, 2);
  expect(corrupted.length / count).toBeCloseTo(0.02, 2);
});
