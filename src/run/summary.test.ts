import Ajv2020 from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import type { LinkCounts } from "../packet/mod.ts";
import { EventWriter, upper } from "./events_for_test.ts";
import { buildSummary, Connections, Exchanges, type SummaryFacts } from "./mod.ts";
import { SegmentWriter } from "./segments_for_test.ts";
import schema from "./summary.schema.json" with { type: "json" };

const validate = new Ajv2020.default({ strict: true, allErrors: true, allowUnionTypes: true })
  .compile(schema);
const faults = (value: unknown) =>
  validate(value)
    ? []
    : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);

const counts: LinkCounts = {
  dropped_full: 0,
  seen: 2,
  delivered: 1,
  lost: 1,
  duplicated: 0,
  corrupted: 0,
  reordered: 0,
};

const facts: SummaryFacts = {
  lab: "lab3",
  engine: "local",
  driver: "tc",
  kernel: "6.12.107",
  iproute2: "6.15.0",
  why: null,
  profile: { up: "loss 20% seed 18446744073709551615", down: "loss 20% seed 0" },
  seed: "18446744073709551615",
  link: { up: counts, down: { ...counts, seen: 1, lost: 0 } },
  started: "2026-11-21T07:30:12.000Z",
  seconds: { setup: 0.12, first_reply: 0.2, total: 2.3 },
  artifacts: "out/lab3/2026-11-21T07-30-12Z",
};

function someExchanges() {
  const link = new EventWriter();
  const exchanges = new Exchanges({ answerHead: upper });
  exchanges.push(link.packet(["up", 0], "ping 1", { arrivals: [20] }));
  exchanges.push(link.packet(["down", 20.5], "PING 1", { arrivals: [40.5] }));
  exchanges.push(link.packet(["up", 100], "ping 2"));
  return exchanges.exchanges;
}

test("buildSummary() writes every field that its readers rely on, in order", () => {
  const summary = buildSummary({ exchanges: someExchanges() }, facts);
  expect(JSON.parse(JSON.stringify(summary))).toEqual({
    ...facts,
    sent: 2,
    received: 1,
    lost: 1,
    duplicates: 0,
    reordered: 0,
    late: 0,
    loss: 0.5,
    rtt_ms: { min: 40.5, avg: 40.5, p50: 40.5, p99: 40.5, max: 40.5, mdev: 0 },
    tcp: null,
  });
  expect(Object.keys(summary).join(" ")).toBe(
    "lab engine driver kernel iproute2 why profile seed sent received lost duplicates reordered late loss rtt_ms tcp link " +
      "started seconds artifacts",
  );
  expect(Object.keys(summary.link.up).join(" "))
    .toBe("seen delivered lost duplicated corrupted reordered dropped_full");
  expect(faults(summary)).toEqual([]);
});

test("buildSummary() has nulls where nothing was received", () => {
  const exchanges = someExchanges().slice(1);
  const silent = buildSummary({ exchanges }, { ...facts, seed: null, artifacts: null });
  expect(silent).toMatchObject({
    sent: 1,
    received: 0,
    loss: 1,
    rtt_ms: { min: null, mdev: null },
  });
  expect(faults(silent)).toEqual([]);
});

test("buildSummary() counts connections on TCP, and no requests of UDP", () => {
  const link = new SegmentWriter();
  const connections = new Connections();
  for (
    const event of [
      ...link.opening(0),
      link.segment(["up", 101], "PA", { seq: 1, ack: 1, text: "hello", arrivals: [] }),
      link.segment(["up", 310], "PA", { seq: 1, ack: 1, text: "hello" }),
      link.segment(["down", 361], "PA", { seq: 1, ack: 6, text: "hello" }),
      link.segment(["down", 362], "FA", { seq: 6, ack: 6 }),
      link.segment(["up", 462], "FA", { seq: 6, ack: 7 }),
      link.segment(["down", 512.1], "A", { seq: 7, ack: 7, arrivals: [], cause: "end" }),
    ]
  ) connections.push(event);
  const summary = buildSummary(connections, facts);
  expect(summary).toMatchObject({ sent: null, lost: null, loss: null, rtt_ms: { avg: null } });
  expect(summary.tcp).toEqual({
    connections: 1,
    opened: 1,
    refused: 0,
    reset: 0,
    closed: { client_first: 0, server_first: 1, at_once: 0 },
    bytes: { up: 5, down: 5 },
    segments_lost: 1,
    segments_resent: 1,
    acks_lost: 0,
    under_way: 1,
    longest_wait_ms: 209,
    requests: 1,
    rtt_ms: { min: 310, avg: 310, p50: 310, p99: 310, max: 310, mdev: 0 },
  });
  const none = buildSummary({ connections: [] }, facts);
  expect(none.tcp).toMatchObject({ connections: 0, requests: 0, rtt_ms: { avg: null } });
  for (const one of [summary, none]) expect(faults(one)).toEqual([]);
});

test("summary.schema.json refuses fields of wrong kind, missing or unknown", () => {
  const summary = buildSummary({ exchanges: someExchanges() }, facts);
  const { seed: _, ...seedless } = summary;
  const wrong = [
    seedless,
    { ...summary, seed: 42 },
    { ...summary, loss: 50 },
    { ...summary, sent: 1.5 },
    { ...summary, engine: "cloud" },
    { ...summary, extra: 1 },
    { ...summary, tcp: { connections: 1 } },
    { ...summary, link: { up: counts } },
  ];
  for (const one of wrong) expect(faults(one), JSON.stringify(one)).not.toEqual([]);
});
