import { expect, test } from "vitest";
import type { LinkEvent, PacketEvent } from "../packet/mod.ts";
import { ConnectionTeller } from "./connection_teller.ts";
import { SegmentWriter } from "./segments_for_test.ts";

const picture = { width: 80, colour: false };

function end(ms: number): LinkEvent {
  const counts = {
    ...{ seen: 0, delivered: 0, lost: 0, duplicated: 0, corrupted: 0, reordered: 0 },
    dropped_full: 0,
  };
  return { v: 1, ev: "end", t_us: ms * 1000, up: counts, down: counts, missed: 0 };
}

function tell(events: LinkEvent[]) {
  const teller = new ConnectionTeller({}, { digits: 2 });
  return { teller, lines: events.flatMap((event) => teller.push(event)) };
}

/** A short connection of each of many clients, in order. */
function crowd(size: number, apart: number): PacketEvent[] {
  return Array.from({ length: size }, (_, i) => {
    const link = new SegmentWriter(5), client = `10.77.0.2:${10_000 + i}`, at = i * apart;
    return [
      ...link.opening(at, client),
      link.segment(["up", at + 11], "FA", { seq: 1, ack: 1, client }),
      link.segment(["down", at + 16.1], "FA", { seq: 1, ack: 2, client }),
      link.segment(["up", at + 21.2], "A", { seq: 2, ack: 2, client }),
    ];
  }).flat().sort((a, b) => a.t_us - b.t_us);
}

test("ConnectionTeller tells few connections line by line, however long it goes on", () => {
  const { lines } = tell([...crowd(100, 200), end(21_000)]);
  expect(lines).toHaveLength(200);
});

test("ConnectionTeller sums up each second of many connections, and loses none of them", () => {
  const size = 2000;
  const { lines, teller } = tell([...crowd(size, 2), end(5_000)]);
  expect(lines.length).toBeLessThan(100);
  const summed = lines.filter((line) => line.startsWith(" …  and "));
  expect(summed.length).toBeGreaterThan(2);
  const opened = summed.reduce((sum, line) => {
    const [, count = "0"] = /([\d,]+) connections? opened/.exec(line) ?? [];
    return sum + Number(count.replace(",", ""));
  }, 0);
  const told = lines.filter((line) => line.includes("opened after")).length;
  expect(opened + told).toBe(size);
  expect(teller.statistics()[0]).toBe("2,000 connections, all closed by the client first");
  expect(teller.over).toBe(true);
});

test("ConnectionTeller sums up what the end of the run has caught as on the way, not as lost", () => {
  const link = new SegmentWriter(5);
  const caught = { seq: 1, ack: 1, text: "hi", arrivals: [], cause: "end" as const };
  const { lines } = tell([
    ...crowd(200, 1),
    ...Array.from({ length: 200 }, (_, i) => {
      const client = `10.77.0.2:${20_000 + i}`;
      return [...link.opening(240, client), link.segment(["up", 251], "PA", { ...caught, client })];
    }).flat(),
    end(260),
  ]);
  expect(lines.join("\n")).toMatch(/ {2}and .*\d+ segments on the way at the end/);
  expect(lines.join("\n")).not.toContain(" lost");
});

test("ConnectionTeller draws the first connection from SYN to close", () => {
  const link = new SegmentWriter();
  const { teller } = tell([
    ...link.opening(0),
    link.segment(["up", 101], "PA", { seq: 1, ack: 1, text: "hello\n" }),
    link.segment(["down", 152], "PA", { seq: 1, ack: 7, text: "HELLO\n" }),
    link.segment(["down", 153], "FA", { seq: 7, ack: 7 }),
    link.segment(["up", 204], "FA", { seq: 7, ack: 8 }),
    link.segment(["down", 255], "A", { seq: 8, ack: 8 }),
  ]);
  const { title, lines } = teller.ladder(picture)!;
  expect(title).toMatch(/^Connection 1 from its SYN on/);
  const labels = lines.join("\n").match(/(SYN|ACK|PSH|FIN)[^─]*/g);
  expect(labels).toEqual([
    "SYN seq 0 ",
    "SYN ACK seq 0 ack 1 ",
    "ACK seq 1 ack 1 ",
    'PSH ACK seq 1 ack 1 len 6 "hello\\n" ',
    'PSH ACK seq 1 ack 7 len 6 "HELLO\\n" ',
    "FIN ACK seq 7 ack 7 ",
    "FIN ACK seq 7 ack 8 ",
    "ACK seq 8 ack 8 ",
  ]);
  expect(teller.firstWrong(picture)).toBeNull();
});

test("ConnectionTeller draws a long connection's ends, and counts what lies between", () => {
  const link = new SegmentWriter();
  const middle = Array.from({ length: 500 }, (_, i) => [
    link.segment(["up", 200 + i * 200], "A", { seq: 1 + i, ack: 1, text: "x" }),
    link.segment(["down", 250 + i * 200], "A", { seq: 1, ack: 2 + i }),
  ]).flat();
  const { teller } = tell([...link.opening(0), ...middle]);
  const { lines } = teller.ladder(picture)!;
  expect(lines).toHaveLength(32);
  expect(lines.join("\n")).toMatch(/⋮ {2}\d{3,4} more/);
  expect(lines.at(-1)).toContain("ACK seq 1 ack 501");
});

test("ConnectionTeller draws the first segment that was lost and sent again, with what surrounds it", () => {
  const link = new SegmentWriter(), other = "10.77.0.2:40001";
  const data = { seq: 1, ack: 1, text: "hello\n", client: other };
  const { teller } = tell([
    ...link.opening(0),
    ...link.opening(1, other),
    link.segment(["up", 200], "PA", { ...data, arrivals: [] }),
    link.segment(["up", 404], "PA", data),
    link.segment(["down", 455], "A", { seq: 1, ack: 7, client: other }),
  ]);
  const { title, lines } = teller.firstWrong(picture)!;
  expect(title).toBe("The first segment that was sent again: 6 bytes to the server, connection 2");
  const text = lines.join("\n");
  expect(text).toContain("seq 1 len 6 ");
  expect(text).toContain("✗ lost");
  expect(text).toContain('PSH ACK seq 1 ack 1 len 6 "hello\\n" (again)');
  expect(text).toContain("ACK seq 1 ack 7");
  expect(text).not.toContain("40000");
});

test("ConnectionTeller goes on to the next loss where the first was of what had arrived", () => {
  const link = new SegmentWriter();
  const data = { seq: 1, ack: 1, text: "a" };
  const later = new SegmentWriter(50, { up: 10, down: 20 });
  const { teller } = tell([
    ...link.opening(0),
    link.segment(["up", 200], "PA", data),
    link.segment(["up", 420], "PA", { ...data, arrivals: [] }),
    link.segment(["down", 430], "RA", { seq: 1, ack: 2 }),
    later.segment(["up", 600], "S", { arrivals: [] }),
    ...later.opening(1600),
  ]);
  expect(teller.firstWrong(picture)!.title)
    .toBe("The first segment that was sent again: a SYN to the server, connection 2");
});

test("ConnectionTeller draws the first connection that was refused or reset, without a loss", () => {
  const link = new SegmentWriter();
  const { teller } = tell([
    link.segment(["up", 0], "S"),
    link.segment(["down", 50], "RA", { ack: 1 }),
    ...link.opening(200, "10.77.0.2:40001"),
    link.segment(["down", 301], "RA", { seq: 1, ack: 1, client: "10.77.0.2:40001" }),
  ]);
  const { title, lines } = teller.firstWrong(picture)!;
  expect(title).toBe("The first connection that was refused: number 1");
  expect(lines.join("\n")).toMatch(/SYN seq 0 .*\n.*RST ACK seq 1 ack 1 /);
});

test("ConnectionTeller does not draw twice what the first connection's ladder shows", () => {
  const link = new SegmentWriter();
  const { teller } = tell([link.segment(["up", 0], "S", { arrivals: [] }), ...link.opening(1000)]);
  expect(teller.firstWrong(picture)).not.toBeNull();
  teller.ladder(picture);
  expect(teller.firstWrong(picture)).toBeNull();
});

test("ConnectionTeller has no picture where there was no connection", () => {
  const { teller } = tell([end(0)]);
  expect([teller.ladder(picture), teller.states(), teller.firstWrong(picture)])
    .toEqual([null, null, null]);
});
