import { expect, test } from "vitest";
import { shapeDifference, shapeOf } from "./shape.ts";

test("shapeOf() leaves out figures, addresses and dates", () => {
  expect(
    shapeOf(
      "answer 3: 47.66 ms\nanswer 4: 9.1 ms\nfrom 10.77.0.2:12000 at Sat Nov 21 04:31:00 2026\n",
    ),
  )
    .toEqual(["answer #: # s", "from ADDRESS at DAY MONTH # #:#:# #"]);
});

test("shapeOf() minds no order of lines", () => {
  expect(shapeOf("server │ one\nclient │ two\n")).toEqual(shapeOf("client │ two\nserver │ one\n"));
});

test("shapeDifference() names the lines that one has and the other has not", () => {
  expect(shapeDifference("1 sent\n2 lost\n", "7 sent\n1 late\n"))
    .toEqual({ notPrinted: ["# lost"], notShown: ["# late"] });
});

test("shapeDifference() lets a document leave lines out, where it says so", () => {
  expect(shapeDifference("1 sent\n…\n", "7 sent\n1 late\n"))
    .toEqual({ notPrinted: [], notShown: [] });
});
