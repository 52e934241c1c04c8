import { expect, test } from "vitest";
import { blankConnection } from "./connection.ts";
import { EventWriter, upper } from "./events_for_test.ts";
import { Exchanges } from "./exchanges.ts";
import { connectionWaits, waitsOf } from "./waits.ts";

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
