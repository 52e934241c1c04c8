import { expect, test } from "vitest";
import type { PacketEvent } from "../packet/mod.ts";
import { ladderRows, ladderText } from "./mod.ts";

const client = "10.77.0.2:40000", server = "10.77.0.1:12000";

/** An event of a datagram that left at `ms` and whose copies arrived at `arrivals`, all in ms. */
function packet(
  [dir, n]: ["up" | "down", number],
  ms: number,
  arrivals: number[],
  rest: Partial<PacketEvent> & { text?: string } = {},
): PacketEvent {
  const { text = dir === "up" ? `ping ${n}` : `PING ${n}`, ...fields } = rest;
  return {
    v: 1,
    ev: "packet",
    n,
    dir,
    t_us: ms * 1000,
    src: dir === "up" ? client : server,
    dst: dir === "up" ? server : client,
    proto: "udp",
    len: 28 + text.length,
    ip_id: n,
    udp: { len: text.length },
    ...(text ? { head: btoa(text.slice(0, 64)) } : {}),
    fate: arrivals.length === 0 ? "lost" : arrivals.length > 1 ? "duplicated" : "delivered",
    copies: arrivals.map((ms) => ({ at_us: ms * 1000, corrupted: false })),
    ...fields,
  };
}

function segment(
  dir: "up" | "down",
  ms: number,
  arrivals: number[],
  [flags, seq, ack, text]: [string, number, number, string?],
): PacketEvent {
  const tcp = { flags, seq, ack, win: 65535, len: text?.length ?? 0 };
  return packet([dir, 1], ms, arrivals, { text: text ?? "", proto: "tcp", udp: undefined, tcp });
}

const lines = (text: string) => text.split("\n").slice(1, -1);

test("ladderText() draws loss, doubling, overtaking, damage and a lost answer", () => {
  const damaged = packet(["up", 5], 3000, [3020]);
  damaged.copies[0]!.corrupted = true;
  const exchange = [
    packet(["up", 1], 0.1, [], { cause: "loss" }),
    packet(["up", 2], 1000.2, [1020.3, 1020.3]),
    packet(["down", 2], 1020.9, [1041.1]),
    packet(["down", 3], 1021, [1041.2], { text: "PING 2" }),
    packet(["up", 3], 2000, [2050]),
    packet(["up", 4], 2010, [2030]),
    packet(["down", 4], 2030.3, [2050.3]),
    packet(["down", 5], 2050.2, [2070.2], { text: "PING 3" }),
    damaged,
    packet(["up", 6], 4000, [4020]),
    packet(["down", 6], 4020.2, [], { cause: "script" }),
  ];
  expect(ladderText(exchange)).toEqual(lines(`
       client                        link                         server
   10.77.0.2:40000                                            10.77.0.1:12000
   0.1 ms ├── ping 1 ──────────────────✗ lost                        │
          ┊                            ┊                             ┊
1000.2 ms ├── ping 2 ──────────────────┼────────────────────────────▶│ 1020.3 ms
          │                  duplicate ┊── ping 2 ──────────────────▶│ 1020.3 ms
1041.1 ms │◀───────────────────────────┼─────────────────── PING 2 ──┤ 1020.9 ms
1041.2 ms │◀───────────────────────────┼─────────────────── PING 2 ──┤ 1021.0 ms
          ┊                            ┊                             ┊
2000.0 ms ├── ping 3 ─────────────────▶┊                             │
2010.0 ms ├── ping 4 ──────────────────┼────────────────────────────▶│ 2030.0 ms
2050.3 ms │◀───────────────────────────┼─────────────────── PING 4 ──┤ 2030.3 ms
          │        overtaken by ping 4 ┊── ping 3 ──────────────────▶│ 2050.0 ms
2070.2 ms │◀───────────────────────────┼─────────────────── PING 3 ──┤ 2050.2 ms
          ┊                            ┊                             ┊
3000.0 ms ├── ping 5 ──────────────────┼~~~ damaged ~~~~~~~~~~~~~~~~▶│ 3020.0 ms
          ┊                            ┊                             ┊
4000.0 ms ├── ping 6 ──────────────────┼────────────────────────────▶│ 4020.0 ms
          │              lost (script) ✗─────────────────── PING 6 ──┤ 4020.2 ms
`));
});

test("ladderText() counts TCP's numbers from the first of the connection, in ASCII if asked", () => {
  const exchange = [
    segment("up", 0, [20], ["S", 4294967295, 0]),
    segment("down", 20.1, [40.1], ["SA", 5000, 0]),
    segment("up", 40.2, [60.2], ["A", 0, 5001]),
    segment("up", 40.5, [], ["PA", 0, 5001, "hello\n"]),
    segment("up", 290, [310], ["PA", 0, 5001, "hello\n"]),
    segment("down", 310.2, [330.2], ["A", 5001, 6]),
  ];
  expect(ladderText(exchange, { ascii: true, width: 72 })).toEqual(lines(`
      client                     link                      server
  10.77.0.2:40000                                      10.77.0.1:12000
  0.0 ms |-- SYN seq 0 ------------+------------------------->|  20.0 ms
 40.1 ms |<------------------------+--- SYN ACK seq 0 ack 1 --|  20.1 ms
 40.2 ms |-- ACK seq 1 ack 1 ------+------------------------->|  60.2 ms
 40.5 ms |-- PSH ACK seq 1 len 6 --X lost                     |
         :                         :                          :
290.0 ms |-- PSH ACK seq 1 ack 1 len 6 "hello\\n" (again) ---->| 310.0 ms
330.2 ms |<------------------------+------- ACK seq 1 ack 7 --| 310.2 ms
`));
});

test("ladderRows() counts TCP's numbers from origins that it is told, and says what is sent again", () => {
  const data = ["PA", 5, 1001, "hello"] as [string, number, number, string];
  const rows = ladderRows([
    segment("up", 0, [], data),
    segment("up", 200, [220], data),
    segment("down", 221, [241], ["A", 1001, 10]),
    segment("up", 242, [262], ["FA", 10, 1001]),
  ], { origins: { [`${client}>${server}`]: 4294967295, [`${server}>${client}`]: 1000 } });
  expect(rows.flatMap((row) => "labels" in row ? row.labels[1] : [])).toEqual([
    "PSH ACK seq 6 ack 1 len 5",
    "PSH ACK seq 6 ack 1 len 5 (again)",
    "ACK ack 11",
    "FIN ACK ack 1",
  ]);
});

test("ladderRows() takes a SYN for sent again that has the same number, not one of the next connection", () => {
  const rows = ladderRows([
    segment("up", 0, [], ["S", 700, 0]),
    segment("up", 1000, [1010], ["S", 700, 0]),
    segment("up", 1020, [1030], ["PA", 701, 1, "hi"]),
    segment("up", 2000, [2010], ["S", 9000, 0]),
    segment("up", 2020, [2030], ["PA", 9001, 1, "hi"]),
  ]);
  expect(rows.flatMap((row) => "packet" in row ? row.labels.at(-1) : [])).toEqual([
    ...["SYN", "SYN (again)", "PSH ACK"],
    ...["SYN", "PSH ACK"],
  ]);
});

test("ladderText() draws a packet twice where another crosses it on the way", () => {
  const exchange = [
    segment("up", 0, [20], ["A", 100, 200, "a"]),
    segment("down", 10, [30], ["A", 200, 100, "b"]),
  ];
  expect(ladderText(exchange)).toEqual(lines(`
     client                          link                           server
 10.77.0.2:40000                                                10.77.0.1:12000
 0.0 ms ├── ACK seq 1 ack 1 len 1 ────▶┊                               │
30.0 ms │◀─────────────────────────────┼── ACK seq 1 ack 1 len 1 "b" ──┤ 10.0 ms
        │                              ┊── ACK seq 1 ack 1 len 1 "a" ─▶│ 20.0 ms
`));
});

test("ladderText() colours what went wrong and leaves the text the same", () => {
  const exchange = [packet(["up", 1], 0, []), packet(["up", 2], 1, [5])];
  const coloured = ladderText(exchange, { colour: true });
  expect(coloured[2]).toContain("\x1b[31m");
  expect(coloured[3]).not.toContain("\x1b[31m");
  // deno-lint-ignore no-control-regex
  const bare = coloured.map((line) => line.replaceAll(/\x1b\[\d*m/g, ""));
  expect(bare).toEqual(ladderText(exchange));
});

test("ladderText() stays inside its width, however narrow and long the labels", () => {
  const text = "x".repeat(64);
  const exchange = [
    packet(["up", 1], 0, [20], { text, udp: { len: 65507 } }),
    packet(["down", 1], 20, [40], { text }),
    packet(["up", 2], 123456, [], { text, cause: "end" }),
  ];
  for (const width of [10, 50, 60, 80, 120]) {
    for (const line of ladderText(exchange, { width })) {
      expect([...line].length).toBeLessThanOrEqual(Math.max(width, 50));
    }
  }
});

/** A packet as it is over IPv6. */
function six(addresses: [string, string], rest: Partial<PacketEvent> = {}): PacketEvent {
  const { ip_id: _none, ...event } = packet(["up", 1], 0, [20], rest);
  return { ...event, src: addresses[0], dst: addresses[1] };
}

test("ladderText() names IPv6 ends whole, and holds a later fragment's for the same", () => {
  const ends: [string, string] = ["[fd8c:1a2b:3c4d:1::3]:40000", "[fd8c:1a2b:3c4d:1::2]:12000"];
  const first = six(ends, { fragment: { offset: 0, more: true } });
  const later = six(["fd8c:1a2b:3c4d:1::3", "fd8c:1a2b:3c4d:1::2"], {
    t_us: 100,
    fragment: { offset: 1448, more: false },
    udp: undefined,
  });
  expect(ladderText([first, later]).slice(0, 2)).toEqual(lines(`
     client                          link                           server
[fd8c:1a2b:3c4d:1::3]:40000                          [fd8c:1a2b:3c4d:1::2]:12000
`));
});

test("ladderText() gives two addresses that do not fit beside each other a line each", () => {
  const ends: [string, string] = [
    "[fd8c:1a2b:3c4d:5e6f:7a8b:9cad:be0f:1234]:40000",
    "[fd8c:1a2b:3c4d:5e6f:7a8b:9cad:be0f:5678]:12000",
  ];
  expect(ladderText([six(ends)]).slice(1, 3).map((line) => line.trim())).toEqual(ends);
  const narrow = ladderText([six(["[fd8c:1a2b:3c4d:1::3]:40000", ends[1]])], { width: 50 });
  expect(narrow.slice(1, 3).map((line) => line.trim())[1]).toBe(ends[1]);
  for (const line of narrow) expect(line.length).toBeLessThanOrEqual(50);
});

test("ladderText() shows bytes that do not print by their codes", () => {
  const [, , line] = ladderText([packet(["up", 1], 0, [20], { text: "a\r\n\x00ÿ" })]);
  expect(line).toContain(" a\\r\\n\\x00\\xff ");
});

test("ladderText() draws nothing for no packets", () => {
  expect(ladderText([])).toEqual([]);
});

test("ladderRows() names echo messages, empty datagrams and fragments", () => {
  const icmp = { type: 8, code: 0, id: 1, seq: 3 };
  const fragment = (offset: number) => ({ fragment: { offset, more: offset === 0 } });
  const rows = ladderRows([
    packet(["up", 1], 0, [], { proto: "icmp", udp: undefined, icmp }),
    packet(["up", 2], 1, [], { text: "" }),
    packet(["up", 3], 2, [], { text: "big", udp: { len: 2000 }, ...fragment(0) }),
    packet(["up", 4], 3, [], { text: "", udp: undefined, ...fragment(1480) }),
  ]);
  expect(rows.map((row) => "labels" in row && row.labels[0]))
    .toEqual(["echo request 3", "(empty)", "big 2000 B", "fragment at 1480"]);
});

test("ladderRows() keeps each end's times in order, and every departure and arrival once", () => {
  // Crossing, overtaking and doubling by arithmetic: gaps of 1 to 17 ms both ways.
  const exchange = Array.from({ length: 40 }, (_, i) => {
    const arrivals = i % 7 === 0 ? [] : [i * 3 + 5 + (i * 5) % 17, i * 3 + 40].slice(0, 1 + i % 2);
    return packet([i % 3 === 0 ? "down" : "up", i], i * 3, arrivals);
  });
  const rows = ladderRows(exchange);
  const at = { client: [] as number[], server: [] as number[] };
  for (const row of rows) {
    if (!("packet" in row)) continue;
    const [from, to] = row.packet.dir === "up" ? [at.client, at.server] : [at.server, at.client];
    if (row.leftUs !== null) from.push(row.leftUs);
    if (row.arrivedUs !== null) to.push(row.arrivedUs);
  }
  for (const times of [at.client, at.server]) {
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  }
  const arrivals = exchange.reduce((sum, { copies }) => sum + copies.length, 0);
  expect(at.client.length + at.server.length).toBe(exchange.length + arrivals);
});

test("ladderRows() leaves out the middle of what is too long", () => {
  const exchange = Array.from({ length: 30 }, (_, i) => packet(["up", i + 1], i, [i + 50]));
  const rows = ladderRows(exchange, { maxRows: 7 });
  expect(rows).toHaveLength(7);
  expect(rows[3]).toEqual({ kind: "omitted", amount: 24 });
  expect(ladderRows(exchange, { maxRows: 30 })).toHaveLength(30);
  expect(ladderRows(exchange, { maxRows: 7, omitted: 100 })[3])
    .toEqual({ kind: "omitted", amount: 124 });
});
