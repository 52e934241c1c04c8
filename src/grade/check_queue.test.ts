import { expect, test } from "vitest";
import { CheckQueue, type Role } from "./check_queue.ts";

const LAB: Role[] = ["server", "server", "client", "client", "client", "client"];

/** What each of several testbeds takes, which take turns. */
function taken(roles: Role[], parted: boolean, testbeds: number): number[][] {
  const queue = new CheckQueue(roles, { parted });
  const all = Array.from({ length: testbeds }, (): number[] => []);
  for (let turn = 0, idle = 0; idle < testbeds; turn++) {
    const index = queue.take(turn % testbeds);
    if (index !== undefined) all[turn % testbeds]!.push(index);
    idle = index === undefined ? idle + 1 : 0;
  }
  return all;
}

test("one testbed takes all checks, in their order", () => {
  for (const parted of [true, false]) {
    expect(taken(LAB, parted, 1)).toEqual([[0, 1, 2, 3, 4, 5]]);
  }
});

test("of two, one begins in front and one behind, and they meet", () => {
  expect(taken(LAB, false, 2)).toEqual([[0, 1, 2], [5, 4, 3]]);
});

test("where they are parted, none takes what another one has begun with", () => {
  expect(taken(LAB, true, 2)).toEqual([[0, 1], [5, 4, 3, 2]]);
  expect(taken(LAB, true, 4)).toEqual([[0], [5, 3], [1], [4, 2]]);
});

test("what no testbed has begun with is for whoever comes first", () => {
  expect(taken(["server", "client", "client", "server"], true, 2)).toEqual([[0, 1], [3, 2]]);
  expect(taken(["client", "client", "client"], true, 2)).toEqual([[0, 1], [2]]);
});
