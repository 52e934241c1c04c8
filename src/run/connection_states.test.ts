import { expect, test } from "vitest";
import type { PacketEvent } from "../packet/mod.ts";
import { connectionStates } from "./connection_states.ts";
import type { Connection } from "./connection.ts";
import { Connections } from "./connections.ts";
import { SegmentWriter } from "./segments_for_test.ts";
import { socketText, stateSummary, stateTable } from "./state_table.ts";

function connectionOf(events: PacketEvent[]): Connection {
  const connections = new Connections();
  for (const event of events) connections.push(event);
  return connections.connections[0]!;
}

/** The steps in short: when, client, server. */
function steps(events: PacketEvent[]): string[] {
  return connectionStates(connectionOf(events)).map(({ at_us, client, server }) =>
    `${at_us === null ? "-" : at_us / 1000} ${client} ${server}`
  );
}

test("connectionStates() leads through opening and close, to TIME-WAIT where the FIN was first", () => {
  const link = new SegmentWriter();
  expect(steps([
    ...link.opening(0),
    link.segment(["up", 200], "FA", { seq: 1, ack: 1 }),
    link.segment(["down", 250.1], "A", { seq: 1, ack: 2 }),
    link.segment(["down", 290], "FA", { seq: 1, ack: 2 }),
    link.segment(["up", 340.1], "A", { seq: 2, ack: 2 }),
  ])).toEqual([
    "- CLOSED LISTEN",
    "0 SYN-SENT LISTEN",
    "50 SYN-SENT SYN-RECEIVED",
    "100 ESTABLISHED SYN-RECEIVED",
    "150 ESTABLISHED ESTABLISHED",
    "200 FIN-WAIT-1 ESTABLISHED",
    "250 FIN-WAIT-1 CLOSE-WAIT",
    "290 FIN-WAIT-1 LAST-ACK",
    "300.1 FIN-WAIT-2 LAST-ACK",
    "340 TIME-WAIT LAST-ACK",
    "390.1 TIME-WAIT CLOSED",
  ]);
});

test("connectionStates() goes from FIN-WAIT-1 to TIME-WAIT at once where one segment does both", () => {
  const link = new SegmentWriter();
  const last = stateTable(connectionOf([
    ...link.opening(0),
    link.segment(["down", 200], "FA", { seq: 1, ack: 1 }),
    link.segment(["up", 250.2], "FA", { seq: 1, ack: 2 }),
    link.segment(["down", 300.3], "A", { seq: 2, ack: 2 }),
  ]));
  expect(last).toEqual([
    "          client       server",
    "          CLOSED       LISTEN",
    "  0.0 ms  SYN-SENT     LISTEN        client sends SYN",
    " 50.0 ms  SYN-SENT     SYN-RECEIVED  SYN reaches server",
    "100.0 ms  ESTABLISHED  SYN-RECEIVED  SYN ACK reaches client",
    "150.0 ms  ESTABLISHED  ESTABLISHED   ACK reaches server",
    "200.0 ms  ESTABLISHED  FIN-WAIT-1    server sends FIN",
    "250.0 ms  CLOSE-WAIT   FIN-WAIT-1    FIN reaches client",
    "250.2 ms  LAST-ACK     FIN-WAIT-1    client sends FIN",
    "300.2 ms  LAST-ACK     TIME-WAIT     FIN reaches server; ACK of it reaches server",
    "350.3 ms  CLOSED       TIME-WAIT     ACK of it reaches client",
  ]);
});

test("connectionStates() has CLOSING where both close at once, and both wait", () => {
  const link = new SegmentWriter();
  const end = steps([
    ...link.opening(0),
    link.segment(["up", 200], "FA", { seq: 1, ack: 1 }),
    link.segment(["down", 210], "FA", { seq: 1, ack: 1 }),
    link.segment(["down", 250], "A", { seq: 2, ack: 2 }),
    link.segment(["up", 260], "A", { seq: 2, ack: 2 }),
  ]).slice(5);
  expect(end).toEqual([
    "200 FIN-WAIT-1 ESTABLISHED",
    "210 FIN-WAIT-1 FIN-WAIT-1",
    "250 FIN-WAIT-1 CLOSING",
    "260 CLOSING CLOSING",
    "300 TIME-WAIT CLOSING",
    "310 TIME-WAIT TIME-WAIT",
  ]);
});

test("connectionStates() believes acknowledgements where times contradict them by a hair", () => {
  const link = new SegmentWriter();
  // The server's FIN comes to the link just before the client's leaves it, and yet acknowledges it.
  const end = steps([
    ...link.opening(0),
    link.segment(["up", 200], "FA", { seq: 1, ack: 1 }),
    link.segment(["down", 249.9], "FA", { seq: 1, ack: 2 }),
    link.segment(["up", 300], "A", { seq: 2, ack: 2 }),
  ]).slice(6);
  expect(end).toEqual([
    "250 FIN-WAIT-1 LAST-ACK",
    "299.9 TIME-WAIT LAST-ACK",
    "350 TIME-WAIT CLOSED",
  ]);
});

test("connectionStates() ends in CLOSED with a RST, and leaves a server listening that refuses", () => {
  const link = new SegmentWriter();
  expect(steps([...link.opening(0), link.segment(["up", 200], "RA", { seq: 1, ack: 1 })]).slice(5))
    .toEqual(["200 CLOSED ESTABLISHED", "250 CLOSED CLOSED"]);
  const refusal = new SegmentWriter();
  expect(steps([
    refusal.segment(["up", 0], "S"),
    refusal.segment(["down", 50], "RA", { ack: 1 }),
  ])).toEqual(["- CLOSED CLOSED", "0 SYN-SENT CLOSED", "100 CLOSED CLOSED"]);
});

test("stateSummary() says who waits in TIME-WAIT, and who has not closed", () => {
  const link = new SegmentWriter();
  const closed = connectionOf([
    ...link.opening(0),
    link.segment(["down", 200], "FA", { seq: 1, ack: 1 }),
    link.segment(["up", 250.2], "FA", { seq: 1, ack: 2 }),
    link.segment(["down", 300.3], "A", { seq: 2, ack: 2 }),
  ]);
  const left = new SegmentWriter();
  const half = connectionOf([
    ...left.opening(0),
    left.segment(["up", 200], "FA", { seq: 1, ack: 1 }),
  ]);
  expect(stateSummary([closed, closed, half])).toEqual([
    "TIME-WAIT  2 at the server, which closed first",
    "           for 60 s, lest a segment that comes late be taken for one of a",
    "           new connection between the same two ports",
    "CLOSE-WAIT 1 at the server, which knows that the client has closed, and has not closed itself",
  ]);
  expect(stateSummary([])).toEqual([]);
});

test("socketText() names the kernel's states as the RFC does", () => {
  expect(socketText({ TIME_WAIT: 3, LISTEN: 1, SYN_RECV: 2 }))
    .toBe("1 LISTEN, 2 SYN-RECEIVED, 3 TIME-WAIT");
  expect(socketText({})).toBe("none");
});
