import fc from "fast-check";
import { expect, test } from "vitest";
import type { LinkEvent, PacketEvent } from "../packet/mod.ts";
import type { ConnectionNotice } from "./connection.ts";
import { connectionStatistics, tallyConnections } from "./connection_tally.ts";
import { Connections, type ConnectionsOptions } from "./connections.ts";
import { SegmentWriter } from "./segments_for_test.ts";

/** A notice in short: what, of which segment, after how many ms. */
function short(notice: ConnectionNotice): string {
  const what = `${notice.connection.number} ${notice.kind}`;
  switch (notice.kind) {
    case "answered":
      return `${what} ${notice.bytes} B ${notice.trip_us / 1000}`;
    case "again":
      return `${what} ${notice.dir} ${notice.again.kind} ${notice.again.after_us / 1000}` +
        ` ${notice.again.why}`;
    case "lost": {
      const { kind, bytes, sent_us, again_us } = notice.loss;
      const after = again_us === null ? "never" : (again_us - sent_us) / 1000;
      return `${what} ${notice.dir} ${kind}${bytes ? ` ${bytes} B` : ""} ${after}`;
    }
    default:
      return what;
  }
}

function feed(events: LinkEvent[], options: ConnectionsOptions = {}) {
  const connections = new Connections(options);
  const told = events.flatMap((event) => connections.push(event).map(short));
  const { over } = connections;
  const finished = connections.finish().map(short);
  return { connections: connections.connections, told, over, finished };
}

/** One request of 6 bytes that is echoed, on a connection that the client closes first. */
function echo(link: SegmentWriter): PacketEvent[] {
  return [
    ...link.opening(0),
    link.segment(["up", 101], "PA", { seq: 1, ack: 1, text: "hello\n" }),
    link.segment(["down", 151.1], "A", { seq: 1, ack: 7 }),
    link.segment(["down", 152], "PA", { seq: 1, ack: 7, text: "hello\n" }),
    link.segment(["up", 202.1], "A", { seq: 7, ack: 7 }),
    link.segment(["up", 300], "FA", { seq: 7, ack: 7 }),
    link.segment(["down", 350.5], "FA", { seq: 7, ack: 8 }),
    link.segment(["up", 400.6], "A", { seq: 8, ack: 8 }),
  ];
}

test("Connections tells opening, request and close of a connection, over numbers that wrap", () => {
  const { told, finished, connections, over } = feed(echo(new SegmentWriter()));
  expect(told).toEqual(["1 opened", "1 answered 6 B 101", "1 closed"]);
  expect(finished).toEqual([]);
  expect(over).toBe(true);
  expect(connections).toEqual([expect.objectContaining({
    bytes: { up: 6, down: 6 },
    lost: 0,
    resent: 0,
    longest_wait_us: 0,
    joined: false,
    refused: false,
    bytes_after_fin: 0,
    times: {
      syn_sent_us: 0,
      syn_arrived_us: 50_000,
      synack_sent_us: 50_000,
      synack_arrived_us: 100_000,
      ack_arrived_us: 150_000,
      fin: {
        up: { sent_us: 300_000, arrived_us: 350_000, acked_us: 400_500, knows: false },
        down: { sent_us: 350_500, arrived_us: 400_500, acked_us: 450_600, knows: true },
      },
      reset: null,
    },
  })]);
});

test("Connections does not call an ACK lost that the end of the run has caught", () => {
  const link = new SegmentWriter();
  const { told } = feed([
    link.segment(["up", 0], "S"),
    link.segment(["down", 50], "SA", { ack: 1 }),
    link.segment(["up", 100.1], "A", { seq: 1, ack: 1, arrivals: [], cause: "end" }),
    link.segment(["down", 110], "SA", { ack: 1 }),
  ]);
  expect(told).toContain("1 again down SYN ACK 60 ack under way");
});

test("Connections counts what the end of the run has caught as under way, not as lost", () => {
  const link = new SegmentWriter();
  const caught = { arrivals: [], cause: "end" as const };
  const { connections, finished } = feed([
    ...link.opening(0),
    link.segment(["up", 101], "PA", { seq: 1, ack: 1, text: "hello\n" }),
    link.segment(["down", 151.1], "A", { seq: 1, ack: 7, ...caught }),
    link.segment(["down", 152], "FA", { seq: 1, ack: 7, text: "hello\n", ...caught }),
  ]);
  expect(connections[0]).toMatchObject({ lost: 0, acks_lost: 0, under_way: 2 });
  expect(finished).toEqual(["1 lost down data 6 B never", "1 left"]);
  const statistics = connectionStatistics(tallyConnections(connections));
  expect(statistics).toContain("no segment lost, 2 segments on their way at the end");
});

test("Connections tells a lost SYN when it is sent again", () => {
  const link = new SegmentWriter();
  const { told } = feed([
    link.segment(["up", 0], "S", { arrivals: [] }),
    link.segment(["up", 1003], "S"),
    link.segment(["down", 1053], "SA", { ack: 1, arrivals: [] }),
    link.segment(["down", 2060], "SA", { ack: 1 }),
  ]);
  expect(told).toEqual(["1 lost up SYN 1003", "1 lost down SYN ACK 1007", "1 opened"]);
});

test("Connections tells data lost twice as two losses, and the wait for it as one", () => {
  const link = new SegmentWriter();
  const data = { seq: 1, ack: 1, text: "hello\n" };
  const { told, connections } = feed([
    ...link.opening(0),
    link.segment(["up", 200], "PA", { ...data, arrivals: [] }),
    link.segment(["up", 404], "PA", { ...data, damaged: true }),
    link.segment(["up", 812], "PA", data),
    link.segment(["down", 862], "PA", { seq: 1, ack: 7, text: "hello\n" }),
  ]);
  expect(told.slice(1)).toEqual([
    "1 lost up data 6 B 204",
    "1 lost up data 6 B 408",
    "1 answered 6 B 712",
  ]);
  expect(connections[0]).toMatchObject({
    lost: 2,
    resent: 2,
    longest_wait_us: 612_000,
    bytes: { up: 6, down: 6 },
  });
});

test("Connections takes a request sent again for what was lost, however it is cut", () => {
  const link = new SegmentWriter();
  const { told, connections } = feed([
    ...link.opening(0),
    link.segment(["up", 200], "PA", { seq: 1, ack: 1, text: "abc", arrivals: [] }),
    link.segment(["up", 201], "PA", { seq: 4, ack: 1, text: "def", arrivals: [] }),
    link.segment(["up", 402], "PA", { seq: 1, ack: 1, text: "ab" }),
    link.segment(["up", 403], "FPA", { seq: 3, ack: 1, text: "cdefgh" }),
  ]);
  expect(told.slice(1)).toEqual(["1 lost up data 3 B 202", "1 lost up data 3 B 202"]);
  expect(connections[0]).toMatchObject({ bytes: { up: 8, down: 0 }, lost: 2, resent: 2 });
});

test("Connections tells what is sent again for want of an acknowledgement", () => {
  const link = new SegmentWriter();
  const data = { seq: 1, ack: 1, text: "hello\n" };
  const { told, connections } = feed([
    ...link.opening(0),
    link.segment(["up", 200], "PA", data),
    link.segment(["down", 250], "A", { seq: 1, ack: 7, arrivals: [] }),
    link.segment(["up", 502], "PA", data),
    link.segment(["down", 552], "A", { seq: 1, ack: 7 }),
  ]);
  expect(told.slice(1)).toEqual(["1 again up data 302 ack lost"]);
  expect(connections[0]).toMatchObject({ bytes: { up: 6, down: 0 }, lost: 0, resent: 1 });
  expect(connections[0]).toMatchObject({ acks_lost: 1, longest_wait_us: 0 });
});

test("Connections tells a refusal, and a reset in the middle", () => {
  const link = new SegmentWriter(), other = "10.77.0.3:40001";
  const { told, finished, over, connections } = feed([
    link.segment(["up", 0], "S"),
    link.segment(["down", 50], "RA", { ack: 1 }),
    ...link.opening(200, other),
    link.segment(["up", 301], "RA", { seq: 1, ack: 1, client: other }),
  ]);
  expect(told).toEqual(["1 refused", "2 opened", "2 reset"]);
  expect(finished).toEqual([]);
  expect(over).toBe(true);
  expect(connections[1]!.times.reset).toEqual({ dir: "up", sent_us: 301_000, arrived_us: 351_000 });
});

test("Connections counts what comes after the other end's FIN, and leaves what never closes", () => {
  const link = new SegmentWriter();
  const { told, finished, over, connections } = feed([
    ...link.opening(0),
    link.segment(["up", 101], "FPA", { seq: 1, ack: 1, text: "hello" }),
    link.segment(["down", 152], "PA", { seq: 1, ack: 7, text: "HELLO" }),
  ]);
  expect(told).toEqual(["1 opened", "1 answered 5 B 101"]);
  expect(finished).toEqual(["1 left"]);
  expect(over).toBe(false);
  expect(connections[0]).toMatchObject({ bytes_after_fin: 5 });
  expect(connections[0]!.times.fin.up.acked_us).toBe(202_000);
  expect(connections[0]!.times.fin.down.sent_us).toBeNull();
});

test("Connections holds no requests apart where the client does not wait", () => {
  const link = new SegmentWriter();
  const { told, connections } = feed([
    ...link.opening(0),
    link.segment(["up", 101], "PA", { seq: 1, ack: 1, text: "one" }),
    link.segment(["up", 130], "PA", { seq: 4, ack: 1, text: "two" }),
    link.segment(["down", 151], "PA", { seq: 1, ack: 4, text: "ONE" }),
  ]);
  expect(told).toEqual(["1 opened"]);
  expect(connections[0]).toMatchObject({ streamed: true, trips_us: [] });
});

test("Connections holds no requests apart where one is sent before the last answer is whole", () => {
  const link = new SegmentWriter();
  const { told, connections } = feed([
    ...link.opening(0),
    link.segment(["up", 101], "PA", { seq: 1, ack: 1, text: "one" }),
    link.segment(["down", 151], "A", { seq: 1, ack: 4, text: "O" }),
    link.segment(["down", 170], "PA", { seq: 2, ack: 4, text: "NE" }),
    link.segment(["up", 202], "PA", { seq: 4, ack: 2, text: "two" }),
    link.segment(["down", 252], "PA", { seq: 4, ack: 7, text: "TWO" }),
  ]);
  expect(told).toEqual(["1 opened", "1 answered 3 B 100"]);
  expect(connections[0]).toMatchObject({ streamed: true, trips_us: [], bytes: { up: 6, down: 6 } });
});

test("Connections tells why a segment that was not lost was sent again", () => {
  const link = new SegmentWriter();
  const data = { seq: 1, ack: 1, text: "a" };
  const { told } = feed([
    ...link.opening(0),
    link.segment(["up", 200], "PA", { ...data, arrivals: [600] }),
    link.segment(["up", 450], "PA", { ...data, arrivals: [610] }),
    link.segment(["up", 640], "PA", { ...data, arrivals: [690] }),
  ]);
  expect(told.slice(1)).toEqual([
    "1 again up data 250 under way",
    "1 again up data 190 ack under way",
  ]);
});

test("Connections takes a SYN with another number for the next connection between the sockets", () => {
  const first = new SegmentWriter(), second = new SegmentWriter(50, { up: 70_000, down: 80_000 });
  const { told, connections } = feed([...echo(first), ...second.opening(500)]);
  expect(told.at(-1)).toBe("2 opened");
  expect(connections.map(({ number }) => number)).toEqual([1, 2]);
});

test("Connections tells what was open before the record, without an opening", () => {
  const link = new SegmentWriter();
  const { told, connections, finished } = feed(echo(link).slice(3));
  expect(told).toEqual(["1 answered 6 B 101", "1 closed"]);
  expect(connections[0]).toMatchObject({ joined: true, bytes: { up: 6, down: 6 } });
  expect(finished).toEqual([]);
});

test("Connections takes the last words of one before the record for no connection, and old data for nothing new", () => {
  const link = new SegmentWriter();
  const last = [link.segment(["down", 0], "FA", { seq: 9, ack: 4 }), link.segment(["up", 50], "R")];
  expect(feed(last)).toMatchObject({ connections: [], over: true });
  const { connections } = feed([
    link.segment(["up", 0], "PA", { seq: 500, ack: 40, text: "new" }),
    link.segment(["up", 10], "PA", { seq: 400, ack: 40, text: "old" }),
    link.segment(["down", 60], "A", { seq: 40, ack: 503 }),
  ]);
  expect(connections[0]).toMatchObject({ joined: true, bytes: { up: 3, down: 0 } });
});

test("Connections with `client` tells that client's alone, and nothing of UDP", () => {
  const link = new SegmentWriter();
  const events = [...link.opening(0), ...link.opening(10, "10.77.0.3:40000")];
  const { connections } = feed(events, { client: "10.77.0.3" });
  expect(connections.map(({ client }) => client)).toEqual(["10.77.0.3:40000"]);
});

test("Connections comes to the same for any order of events that are not far apart", () => {
  const link = new SegmentWriter();
  const data = { seq: 1, ack: 1, text: "hello\n" };
  const events = [
    ...link.opening(0),
    link.segment(["up", 101], "PA", { ...data, arrivals: [] }),
    link.segment(["up", 320], "PA", data),
    link.segment(["down", 371], "PA", { seq: 1, ack: 7, text: "HELLO\n" }),
    link.segment(["up", 422], "FA", { seq: 7, ack: 7 }),
    link.segment(["down", 473], "FA", { seq: 7, ack: 8 }),
    link.segment(["up", 524], "A", { seq: 8, ack: 8 }),
  ];
  const expected = feed(events).connections;
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 9, maxLength: 9 }),
    (shifts) => {
      const order = events.map((event, i) => ({ event, at: i + shifts[i]! * 0.9 }));
      const mixed = order.sort((a, b) => a.at - b.at).map(({ event }) => event);
      const { connections } = feed(mixed);
      const { trips_us: _trips, ...rest } = connections[0]!;
      expect(expected[0]).toMatchObject(rest);
    },
  ));
});

test("Connections keeps pace with a long stream", () => {
  const link = new SegmentWriter();
  const connections = new Connections();
  for (const event of link.opening(0)) connections.push(event);
  const began = performance.now(), segments = 30_000;
  for (let i = 0; i < segments; i++) {
    const seq = 1 + i * 1448;
    connections.push(link.segment(["up", 200 + i], "A", { seq, ack: 1, bytes: 1448 }));
    connections.push(link.segment(["down", 250 + i], "A", { seq: 1, ack: seq + 1448 }));
  }
  expect(connections.connections[0]!.bytes.up).toBe(segments * 1448);
  // A tenth of a millisecond a packet would already be far too slow.
  expect(performance.now() - began).toBeLessThan(6_000);
});
