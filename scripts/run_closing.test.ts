import { expect, test } from "vitest";
import type { LinkEnd } from "../src/link/mod.ts";
import { countLines } from "./run_closing.ts";
import type { Style } from "./verb.ts";

const plain = (text: string) => text;
const style = { bold: plain, dim: plain, yellow: plain, red: plain, green: plain } as Style;
const setting = { profile: "", script: "" };
const options = {
  link: { up: setting, down: setting, seed: "7", drawn: false, notes: [] },
  driver: "tun" as const,
  style,
};
const teller = { statistics: () => ["0 connections"] };

function outcome(seen: number, displaced: boolean) {
  const none = { duplicated: 0, corrupted: 0, reordered: 0, dropped_full: 0, lost: 0 };
  const counts = { ...none, seen, delivered: seen };
  const end: LinkEnd = { up: counts, down: counts, missed: 0, last: true, sharers: 0 };
  return { end, under_way: { up: 0, down: 0 }, displaced };
}

test("countLines() counts nothing where another run took the link before anything crossed it", () => {
  expect(countLines(teller, outcome(0, true), options)).toEqual([]);
  expect(countLines(teller, outcome(0, false), options)).toContain("0 connections");
});

test("countLines() says of counts that another run has cut short that they are", () => {
  const [title] = countLines(teller, outcome(3, true), options);
  expect(title).toBe("--- as the link saw it until another run began ---");
  expect(countLines(teller, outcome(3, false), options)[0]).toBe("--- as the link saw it ---");
});
