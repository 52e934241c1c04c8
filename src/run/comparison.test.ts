import { expect, test } from "vitest";
import type { LinkCounts } from "../packet/mod.ts";
import { type Compared, comparisonTable } from "./comparison.ts";

function counts(seen: number, lost: number): LinkCounts {
  const none = { duplicated: 0, corrupted: 0, reordered: 0, dropped_full: 0 };
  return { seen, lost, delivered: seen - lost, ...none };
}

const plain: Compared = {
  name: "server_tcp",
  transport: "tcp",
  served: true,
  asked: 5,
  answered: 5,
  seconds: 1.5623,
  wait_ms: { p50: 48.2, max: 1041 },
  swarm: null,
  memory_bytes: null,
  link: { up: counts(15, 4), down: counts(9, 1) },
  under_way: { up: 0, down: 0 },
  fault: null,
};

test("comparisonTable() sets runs side by side, and leaves out what none can tell", () => {
  const udp = {
    ...plain,
    name: "server_udp",
    answered: 3,
    wait_ms: { p50: 4.25, max: 1000 },
    link: { up: counts(15, 0), down: counts(9, 1) },
  };
  expect(comparisonTable([plain, udp])).toEqual([
    "server_  answered    time  median  longest  packets  lost",
    "tcp        5 of 5  1.56 s   48 ms   1.04 s     15/9   4/1",
    "udp        3 of 5  1.56 s  4.3 ms   1.00 s     15/9   0/1",
  ]);
});

test("comparisonTable() calls none lost that was on its way at the end", () => {
  const [headings, row] = comparisonTable([{ ...plain, under_way: { up: 4, down: 1 } }]);
  expect(headings).not.toContain("lost");
  expect(row).toMatch(/ 15\/9$/);
});

test("comparisonTable() says of a server that did not come to serve that it did not", () => {
  const blank = { asked: null, answered: null, seconds: null, wait_ms: null, link: null };
  const udp = { ...plain, ...blank, name: "server_udp", served: false, fault: "It ended" };
  expect(comparisonTable([plain, udp]).slice(1)).toEqual([
    "tcp        5 of 5  1.56 s   48 ms   1.04 s     15/9   4/1",
    "udp      did not come to serve",
  ]);
});

test("comparisonTable() has a dash for what nobody measured", () => {
  const unseen = { ...plain, name: "server_udp", seconds: null, wait_ms: null, link: null };
  const seen = { ...plain, memory_bytes: 9_064_320 };
  expect(comparisonTable([seen, unseen]).at(-1)!.split(/ {2,}/))
    .toEqual(["udp", "5 of 5", "-", "-", "-", "-", "-", "-"]);
});

test("comparisonTable() keeps names whole that begin with nothing in common, and one alone", () => {
  const names = (...names: string[]) =>
    comparisonTable(names.map((name) => ({ ...plain, name }))).map((row) => row.split(" ")[0]);
  expect(names("server_udp")).toEqual(["", "server_udp"]);
  expect(names("server_udp", "echo_udp")).toEqual(["", "server_udp", "echo_udp"]);
  expect(names("a_b_c", "a_b_d", "a_bb")).toEqual(["a_", "b_c", "b_d", "bb"]);
});

test("comparisonTable() of a swarm tells its own figures, and who got no answer at all", () => {
  const swarm = {
    clients: 10,
    requests: 100,
    answers: 100,
    seconds: 0.5,
    p50_ms: 41,
    p99_ms: 60.5,
    next_ms: 43,
    refused: 0,
  };
  const wait_ms = { p50: 41, max: 1041 };
  const threads = { ...plain, name: "threads", asked: 100, answered: 100, swarm, wait_ms };
  const stuck = { ...swarm, answers: 12, p99_ms: null, next_ms: null, refused: 3 };
  const iterative = { ...threads, name: "iterative", answered: 12, swarm: stuck };
  const [headings, first, second] = comparisonTable([
    { ...threads, memory_bytes: 59_064_320 },
    { ...iterative, memory_bytes: 9_064_320 },
  ]);
  expect(headings!.split(/ {2,}/)).toEqual([
    "",
    "answered",
    "per s",
    "median",
    "p99",
    "longest",
    "next",
    "failed",
    "memory",
    "packets",
    "lost",
  ]);
  expect(first!.split(/ {2,}/).slice(1, 9)).toEqual(
    ["100 of 100", "200", "41 ms", "61 ms", "1.04 s", "43 ms", "-", "59 MB"],
  );
  expect(second!.split(/ {2,}/).slice(1, 9)).toEqual(
    ["12 of 100", "24", "41 ms", "-", "1.04 s", "no answer", "3", "9.1 MB"],
  );
  expect(headings!.length).toBeLessThanOrEqual(100);
  const slow = { ...threads, wait_ms: { p50: 20, max: 30 } };
  expect(comparisonTable([slow])[1]).toContain("  61 ms    61 ms  ");
});

test.each([
  [9.94, "9.9 ms", "9.9 MB"],
  [9.97, "10 ms", "10 MB"],
  [10.4, "10 ms", "10 MB"],
  [999.4, "999 ms", "999 MB"],
  [999.7, "1.00 s", "1000 MB"],
])("comparisonTable() rounds %d to %j and %j", (value, wait, memory) => {
  const row = { ...plain, name: "tcp", wait_ms: { p50: value, max: value } };
  const [, line] = comparisonTable([{ ...row, memory_bytes: value * 1e6 }]);
  expect(line!.split(/ {2,}/)).toEqual(expect.arrayContaining([wait, memory]));
});
