import { expect, test } from "vitest";
import { FourStateLoss, type LossModel, TwoStateLoss } from "./loss.ts";
import { Taus113 } from "./random.ts";

function fates(model: LossModel): string {
  const random = new Taus113(8n);
  return Array.from({ length: 60 }, () => model.lose(random) ? "L" : ".").join("");
}

// Expected strings come from a program in C with 32-bit integers.
test("FourStateLoss walks the four states", () => {
  expect(fates(new FourStateLoss({ kind: "state", p13: 10, p31: 40, p32: 30, p23: 20, p14: 5 })))
    .toBe(".L.L..L..........L................L.....L................L..");
});

test("FourStateLoss wraps sums of chances above 100 % as 32 bits do", () => {
  expect(fates(new FourStateLoss({ kind: "state", p13: 80, p31: 90, p32: 90, p23: 10, p14: 80 })))
    .toBe("L.L.L.L.L.L.L.L.L.L.L.L.L.L.L.L.L.L.L.L.L.L.L.L.L.L.L...L.L.");
});

test("FourStateLoss with p13 alone has tc's defaults", () => {
  expect(fates(new FourStateLoss({ kind: "state", p13: 5 })))
    .toBe(".L.L..L.....................................................");
});

test("TwoStateLoss draws the transition, then the loss of the state it was in", () => {
  expect(fates(new TwoStateLoss({ kind: "gemodel", p: 10, r: 40, lossInBad: 70, lossInGood: 5 })))
    .toBe("LL.LL................LLLLL.........LL......L...........LLLL.");
});

test("TwoStateLoss with p alone has tc's defaults", () => {
  expect(fates(new TwoStateLoss({ kind: "gemodel", p: 10 })))
    .toBe("....L................L.............L.......L............L...");
});
