import { expect, test } from "vitest";
import type { PacketEvent } from "../packet/mod.ts";
import { connectionLine } from "./connection_lines.ts";
import { connectionStatistics, tallyConnections } from "./connection_tally.ts";
import { Connections } from "./connections.ts";
import type { LineOptions } from "./report_lines.ts";
import { SegmentWriter } from "./segments_for_test.ts";

function tell(events: PacketEvent[], options: LineOptions = {}) {
  const connections = new Connections();
  const notices = events.flatMap((event) => connections.push(event));
  notices.push(...connections.finish());
  return {
    lines: notices.map((notice) => connectionLine(notice, options)),
    statistics: connectionStatistics(tallyConnections(connections.connections)),
  };
}

const data = { seq: 1, ack: 1, text: "hello\n" };

test("connectionLine() tells in words what happens to a connection with losses", () => {
  const link = new SegmentWriter();
  const { lines, statistics } = tell([
    link.segment(["up", 0], "S", { arrivals: [] }),
    ...link.opening(1000),
    link.segment(["up", 1101], "PA", { ...data, arrivals: [] }),
    link.segment(["up", 1305], "PA", { ...data, damaged: true }),
    link.segment(["up", 1713], "PA", data),
    link.segment(["down", 1763.5], "PA", { seq: 1, ack: 7, text: "hello\n", arrivals: [] }),
    link.segment(["up", 2121], "PA", data),
    link.segment(["down", 2171], "PA", { seq: 1, ack: 7, text: "hello\n" }),
    link.segment(["up", 2221], "A", { seq: 7, ack: 7, arrivals: [] }),
    link.segment(["up", 2222], "FA", { seq: 7, ack: 7 }),
    link.segment(["down", 2272.4], "FA", { seq: 7, ack: 8 }),
    link.segment(["up", 2322.5], "A", { seq: 8, ack: 8, arrivals: [] }),
    link.segment(["down", 2600.4], "FA", { seq: 7, ack: 8 }),
  ]);
  expect(lines).toEqual([
    " 1  SYN lost on the way to the server, sent again after 1000.0 ms",
    " 1  opened after 1100.0 ms",
    " 1  6 bytes lost on the way to the server, sent again after 204.0 ms",
    " 1  6 bytes damaged on the way to the server, sent again after 408.0 ms",
    " 1  6 bytes sent again to the server after 408.0 ms: the ACK was lost",
    " 1  6 bytes lost on the way to the client, sent again after 407.5 ms",
    " 1  request of 6 bytes answered after 1120.0 ms",
    " 1  closed by the client first, then by the server",
    " 1  FIN sent again to the client after 328.0 ms: the ACK was lost",
  ]);
  expect(statistics).toEqual([
    "1 connection, closed by the client first",
    "6 bytes to the server, 6 bytes to the client",
    "4 segments and 2 bare ACKs lost, 6 segments sent again, longest wait 1000.0 ms",
    "1 request answered, rtt min/avg/max/mdev = 1120.000/1120.000/1120.000/0.000 ms",
  ]);
});

test("connectionLine() tells refusals, resets, half-close, and which end has not closed", () => {
  const link = new SegmentWriter();
  const client = (n: number) => ({ client: `10.77.0.2:4000${n}` });
  const { lines, statistics } = tell([
    link.segment(["up", 0], "S", client(1)),
    link.segment(["down", 50], "RA", { ack: 1, ...client(1) }),
    ...link.opening(100, "10.77.0.2:40002"),
    link.segment(["down", 201], "RA", { seq: 1, ack: 1, ...client(2) }),
    ...link.opening(300, "10.77.0.2:40003"),
    link.segment(["up", 401], "FPA", { ...data, ...client(3) }),
    link.segment(["down", 460], "PA", { seq: 1, ack: 8, text: "HELLO\n", ...client(3) }),
    link.segment(["down", 660], "FA", { seq: 7, ack: 8, ...client(3) }),
    ...link.opening(700, "10.77.0.2:40004"),
    link.segment(["up", 801], "FA", { seq: 1, ack: 1, ...client(4) }),
    link.segment(["up", 900], "S", { arrivals: [], ...client(5) }),
    ...link.opening(1000, "10.77.0.2:40006"),
    link.segment(["down", 1101], "FA", { seq: 1, ack: 1, arrivals: [], ...client(6) }),
    link.segment(["up", 1102], "FA", { seq: 1, ack: 1, ...client(6) }),
    ...link.opening(1200, "10.77.0.2:40007"),
  ]);
  expect(lines.filter((line) => !line.includes("opened after"))).toEqual([
    " 1  refused by the server: nothing listens on its port",
    " 2  reset by the server",
    " 3  request of 6 bytes answered after 109.0 ms",
    " 3  closed by the client first; the server sent 6 bytes more, and closed 209.0 ms later",
    " 4  closed by the client only: the server has not closed its side",
    " 5  SYN lost on the way to the server, not sent again before the end",
    " 5  not opened: no SYN reached the server",
    " 6  FIN lost on the way to the client, not sent again before the end",
    " 6  still closing when the run ended",
    " 7  still open when the run ended",
  ]);
  expect(statistics.slice(0, 3)).toEqual([
    "7 connections, 1 refused, 1 not opened, 1 closed by the client first, 1 reset, 3 not closed by both",
    "6 bytes to the server, 6 bytes to the client",
    "2 segments lost",
  ]);
});

test("connectionLine() says by which end's FINs nobody was first", () => {
  const link = new SegmentWriter();
  const { lines } = tell([
    ...link.opening(0),
    link.segment(["up", 200], "FA", { seq: 1, ack: 1 }),
    link.segment(["down", 201], "FA", { seq: 1, ack: 1 }),
  ]);
  expect(lines.at(-1)).toBe(" 1  closed by both at once");
});

test("connectionLine() says at the close how much crossed, where no request was told", () => {
  const link = new SegmentWriter();
  const { lines } = tell([
    ...link.opening(0),
    link.segment(["down", 200], "PA", { seq: 1, ack: 1, bytes: 1448, text: "2026" }),
    link.segment(["down", 201], "FA", { seq: 1449, ack: 1 }),
    link.segment(["up", 255], "FA", { seq: 1, ack: 1450 }),
  ]);
  expect(lines.at(-1)).toBe(
    " 1  closed by the server first, then by the client 4.0 ms later; 0 bytes up, 1,448 bytes down",
  );
});

test("connectionLine() names the client among several, in colour if asked", () => {
  const link = new SegmentWriter();
  const { lines } = tell(link.opening(0), { showClient: true, colour: true, digits: 3 });
  expect(lines[0]).toBe("  1  10.77.0.2:40000  \x1b[32mopened after 100.0 ms\x1b[0m");
});

test("connectionStatistics() is brief where nothing happened, and where nothing went wrong", () => {
  expect(tell([]).statistics).toEqual(["0 connections"]);
  const link = new SegmentWriter();
  const { statistics } = tell([
    ...link.opening(0),
    ...link.opening(10, "10.77.0.2:40001"),
  ]);
  expect(statistics).toEqual([
    "2 connections, none closed by both",
    "0 bytes to the server, 0 bytes to the client",
    "no segment lost",
  ]);
});
