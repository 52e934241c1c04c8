import { expect, test } from "vitest";
import type { LinkCounts } from "../packet/mod.ts";
import {
  type Compared,
  comparisonTable,
  connectionWaits,
  countAnswered,
  waitsOf,
} from "./comparison.ts";
import { blankConnection } from "./connection.ts";
import { EventWriter, upper } from "./events_for_test.ts";
import { Exchanges } from "./exchanges.ts";

function counts(seen: number, lost: number): LinkCounts {
  const none = { duplicated: 0, corrupted: 0, reordered: 0, dropped_full: 0 };
  return { seen, lost, delivered: seen - lost, ...none };
}

const plain: Compared = {
  name: "server_tcp",
  transport: "tcp",
  asked: 5,
  answered: 5,
  seconds: 1.5623,
  wait_ms: { p50: 48.2, max: 1041 },
  swarm: null,
  memory_bytes: null,
  link: { up: counts(15, 4), down: counts(9, 1) },
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
    "            lines  answered    time  median wait  longest wait  packets up  packets down",
    "server_tcp      5         5  1.56 s        48 ms        1.04 s  15, 4 lost     9, 1 lost",
    "server_udp      5         3  1.56 s       4.3 ms        1.00 s          15     9, 1 lost",
  ]);
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
    "time",
    "answers/s",
    "median wait",
    "p99",
    "one more client",
    "clients lost",
    "memory",
    "packets up",
    "packets down",
  ]);
  expect(first!.split(/ {2,}/).slice(1, 9)).toEqual(
    ["100 of 100", "1.56 s", "200", "41 ms", "61 ms", "43 ms", "-", "59 MB"],
  );
  expect(second!.split(/ {2,}/).slice(1, 9)).toEqual(
    ["12 of 100", "1.56 s", "24", "41 ms", "-", "no answer", "3", "9.1 MB"],
  );
});

test("countAnswered() counts each answer for one line, wherever it stands in what was printed", () => {
  const printed = "> [Sat Nov 21 17:16:58 2026] hello\n> [Sat Nov 21 17:16:59 2026] hello\n> ";
  expect(countAnswered(["hello", "hello"], printed)).toBe(2);
  expect(countAnswered(["hello", "hello", "hello"], printed)).toBe(2);
  expect(countAnswered(["lost", "hello"], printed)).toBe(1);
  expect(countAnswered([], printed)).toBe(0);
});

test("waitsOf() counts a wait from the first request to the answer, retries included", () => {
  const writer = new EventWriter();
  const exchanges = new Exchanges({ answerHead: upper });
  for (
    const event of [
      writer.packet(["up", 0], "one"),
      writer.packet(["up", 1000], "one", { arrivals: [1020] }),
      writer.packet(["down", 1021], "ONE", { arrivals: [1040] }),
      writer.packet(["up", 1100], "two", { arrivals: [1120] }),
      writer.packet(["down", 1121], "TWO", { arrivals: [1140] }),
      writer.packet(["up", 1200], "given up"),
      writer.packet(["up", 2200], "three", { arrivals: [2220] }),
      writer.packet(["down", 2221], "THREE", { arrivals: [2250] }),
    ]
  ) exchanges.push(event);
  exchanges.finish();
  expect(waitsOf(exchanges.exchanges)).toEqual([1040, 40, 50]);
});

test("connectionWaits() counts the first wait on a connection from its SYN, however often that was sent", () => {
  const opened = blankConnection("10.77.0.2:40000", "10.77.0.1:21567", 1);
  opened.times.syn_sent_us = 1_000_000;
  opened.times.synack_arrived_us = 2_040_000;
  opened.trips_us = [41_000, 42_000];
  const joined = { ...blankConnection("10.77.0.2:40001", "10.77.0.1:21567", 2), trips_us: [7000] };
  expect(connectionWaits([opened, joined])).toEqual([1081, 42, 7]);
});
