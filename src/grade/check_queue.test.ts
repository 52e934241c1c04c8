import { expect, test } from "vitest";
import { CheckQueue, type Role } from "./check_queue.ts";

const LAB: Role[] = ["server", "server", "client", "client", "client", "client"];

/** What each of several testbeds takes, which take turns; each check takes so many seconds. */
function taken(
  roles: (Role | null)[],
  { worth = 0, testbeds = 2, seconds = 1 },
): number[][] {
  const queue = new CheckQueue(roles, { worth });
  const all = Array.from({ length: testbeds }, (): number[] => []);
  for (let turn = 0, idle = 0; idle < testbeds; turn++) {
    const index = queue.take(turn % testbeds);
    if (index !== undefined) {
      all[turn % testbeds]!.push(index);
      queue.ended(index, seconds);
    }
    idle = index === undefined ? idle + 1 : 0;
  }
  return all;
}

test("one testbed takes all checks, in their order", () => {
  for (const worth of [0, 10]) {
    expect(taken(LAB, { worth, testbeds: 1 })).toEqual([[0, 1, 2, 3, 4, 5]]);
  }
});

test("of two, one begins in front and one behind, and they meet", () => {
  expect(taken(LAB, {})).toEqual([[0, 1, 2], [5, 4, 3]]);
});

test("where another start is worth more, none takes what another one has begun with", () => {
  expect(taken(LAB, { worth: 10 })).toEqual([[0, 1], [5, 4, 3, 2]]);
  expect(taken(LAB, { worth: 10, testbeds: 4 })).toEqual([[0], [5, 3], [1], [4, 2]]);
});

test("unless what is left would take longer", () => {
  expect(taken(LAB, { worth: 10, seconds: 6 })).toEqual([[0, 1, 2], [5, 4, 3]]);
});

test("or nobody knows how long, since none has ended", () => {
  const queue = new CheckQueue(LAB, { worth: 10 });
  expect([queue.take(0), queue.take(1), queue.take(0), queue.take(0)]).toEqual([0, 5, 1, 2]);
});

test("what no testbed has begun with is for whoever comes first, and so is what needs none", () => {
  const worth = 10;
  expect(taken(["server", "client", "client", "server"], { worth })).toEqual([[0, 1], [3, 2]]);
  expect(taken(["client", "client", "client"], { worth })).toEqual([[0, 1], [2]]);
  expect(taken(["server", "server", "server", null, null], { worth })).toEqual([[0, 1, 2], [4, 3]]);
});
