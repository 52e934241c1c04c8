import { expect, test } from "vitest";
import type { LinkCounts } from "../packet/mod.ts";
import { ladderText } from "../view/mod.ts";
import { EventWriter, upper } from "./events_for_test.ts";
import type { ExchangeNotice } from "./mod.ts";
import { Exchanges, firstWrong, isWrong, linkTable, noticeLine, packetsAround } from "./mod.ts";
import { pingStatistics, roundTrips, tallyExchanges } from "./mod.ts";

/** A run in which everything happens once; the client waits 500 ms. */
function eventful() {
  const link = new EventWriter();
  const events = [
    link.packet(["up", 0], "ping 1", { arrivals: [20] }),
    link.packet(["down", 20.4], "PING 1", { arrivals: [40.4] }),
    link.packet(["up", 1000], "ping 2"),
    link.packet(["up", 2000], "ping 3", { arrivals: [2020, 2020] }),
    link.packet(["down", 2020.3], "PING 3", { arrivals: [2040.3] }),
    link.packet(["down", 2020.5], "PING 3", { arrivals: [2041] }),
    link.packet(["up", 3000], "ping 4", { arrivals: [3020] }),
    link.packet(["down", 3020.5], "PING 4", { cause: "script" }),
    link.packet(["up", 4000], "ping 5", { arrivals: [4020], damaged: true }),
    link.packet(["up", 5000], "ping 6", { arrivals: [5020] }),
    link.packet(["down", 5020.2], "PING 6", { arrivals: [5040], damaged: true }),
    link.packet(["up", 6000], "ping 7", { arrivals: [6020] }),
    link.packet(["up", 6100], "ping 8", { arrivals: [6120] }),
    link.packet(["down", 6120.1], "PING 8", { arrivals: [6140.1] }),
    link.packet(["down", 6020.1], "PING 7", { arrivals: [7234.5] }),
    link.packet(["up", 8000], "ping 9", { arrivals: [8020] }),
    link.packet(["up", 9000], "ping 10", { cause: "limit" }),
    link.packet(["up", 9500], "ping 11", { cause: "end" }),
    link.packet(["down", 9600], "HELLO?", { arrivals: [9620] }),
  ];
  const exchanges = new Exchanges({ answerHead: upper, timeoutMs: 500 });
  const options = { timeoutMs: 500, digits: 2 };
  const write = (notice: ExchangeNotice) => noticeLine(notice, options);
  const lines = events.flatMap((event) => exchanges.push(event).map(write));
  lines.push(...exchanges.finish().map(write));
  return { exchanges: exchanges.exchanges, lines };
}

test("noticeLine() tells in words what became of each datagram", () => {
  expect(eventful().lines).toEqual([
    " 1  answered in   40.4 ms",
    " 2  lost on the way to the server",
    " 3  answered in   40.3 ms, the server got it twice",
    " 3  duplicate answer after   41.0 ms",
    " 4  answer lost on the way back (by the script)",
    " 5  damaged on the way to the server, dropped there by its checksum",
    " 6  answer damaged on the way back, dropped there by its checksum",
    " 8  answered in   40.1 ms",
    " 7  late: answered in 1234.5 ms, the client waits 500 ms, after the answer to a later request",
    "10  lost on the way to the server (queue full)",
    "11  still on its way to the server when the run ended",
    " 9  reached the server, which did not answer",
    " 9  late: answered in 1620.0 ms, the client waits 500 ms",
  ]);
});

test("noticeLine() names the client among several, and colours by what happened", () => {
  const [good, bad] = eventful().exchanges
    .map((exchange): ExchangeNotice => ({ kind: "settled", exchange }));
  expect(noticeLine(good!, { showClient: true, colour: true }))
    .toBe("  1  10.77.0.2:40000  \x1b[32manswered in   40.4 ms\x1b[0m");
  expect(noticeLine(bad!, { colour: true }))
    .toBe("  2  \x1b[31mlost on the way to the server\x1b[0m");
});

test("noticeLine() names an IPv6 client in the field's notation", () => {
  const link = new EventWriter(true);
  const exchanges = new Exchanges({ answerHead: upper });
  const told = [
    ...exchanges.push(link.packet(["up", 0], "a")),
    ...exchanges.push(link.packet(["down", 5], "B", { arrivals: [25] })),
    ...exchanges.finish(),
  ].map((notice) => noticeLine(notice, { showClient: true }));
  expect(told).toEqual([
    "  1  [fd00:77::2]:40000  lost on the way to the server",
    "  -  [fd00:77::2]:40000  the server sent a datagram that answers no request",
  ]);
});

test("noticeLine() tells of strays, of overtaking found late, and of a server that is silent", () => {
  const link = new EventWriter();
  const exchanges = new Exchanges({ answerHead: upper });
  exchanges.push(link.packet(["up", 0], "a", { arrivals: [20] }));
  const [silent] = exchanges.finish();
  expect(noticeLine(silent!)).toBe("  1  reached the server, which did not answer");
  exchanges.push(link.packet(["down", 5], "B", { arrivals: [25], client: "10.77.0.9:1" }));
  expect(exchanges.finish().map((notice) => noticeLine(notice)))
    .toEqual(["  -  the server sent a datagram that answers no request"]);
  const { exchange } = silent as { exchange: (typeof exchanges.exchanges)[number] };
  expect(noticeLine({ kind: "overtaken", exchange }))
    .toBe("  1  overtaken: its answer came after the answer to a later request");
});

test("tallyExchanges() counts what came late as lost, as the client does", () => {
  expect(tallyExchanges(eventful().exchanges)).toEqual({
    sent: 11,
    received: 3,
    lost: 8,
    duplicates: 1,
    reordered: 1,
    late: 2,
    loss: 8 / 11,
    rtt_ms: { min: 40.1, avg: 40.267, p50: 40.3, p99: 40.4, max: 40.4, mdev: 0.125 },
  });
  expect(tallyExchanges([])).toMatchObject({ sent: 0, received: 0, loss: 0, rtt_ms: null });
});

test("roundTrips() computes mdev as ping does and ranks by the nearest", () => {
  // sqrt((1 + 4 + 9 + 100) / 4 - 4^2) = 3.536
  expect(roundTrips([10, 1, 3, 2]))
    .toEqual({ min: 1, avg: 4, p50: 2, p99: 10, max: 10, mdev: 3.536 });
  expect(roundTrips(Array.from({ length: 200 }, (_, i) => i + 1)))
    .toMatchObject({ p50: 100, p99: 198 });
  expect(roundTrips([0.1, 0.1, 0.1])!.mdev).toBe(0);
  expect(roundTrips([])).toBeNull();
});

test("pingStatistics() writes the lines that ping writes", () => {
  const tally = tallyExchanges([]);
  const rtt_ms = { min: 40.1, avg: 40.5, p50: 40.5, p99: 41, max: 41, mdev: 0.3 };
  expect(pingStatistics({ ...tally, sent: 10, received: 7, lost: 3, loss: 0.3, rtt_ms })).toEqual([
    "10 packets transmitted, 7 received, 30% packet loss",
    "rtt min/avg/max/mdev = 40.100/40.500/41.000/0.300 ms",
  ]);
  expect(pingStatistics({ ...tally, sent: 3, received: 2, duplicates: 2, late: 1, loss: 1 / 3 }))
    .toEqual(["3 packets transmitted, 2 received, +2 duplicates, +1 late, 33.3333% packet loss"]);
  expect(pingStatistics(tally)).toEqual(["0 packets transmitted, 0 received"]);
});

const zero: LinkCounts = {
  seen: 0,
  delivered: 0,
  lost: 0,
  duplicated: 0,
  corrupted: 0,
  reordered: 0,
  dropped_full: 0,
};

test("linkTable() sets what the link counted beside what it was asked for", () => {
  const up = {
    counts: { ...zero, seen: 20, lost: 4, delivered: 16 },
    asked: "delay 20ms 5ms loss 20% seed 42",
  };
  const down = {
    counts: { ...zero, seen: 16, lost: 3, delivered: 14, duplicated: 1 },
    asked: "delay 20ms 5ms loss 20% duplicate 5% seed 43",
  };
  expect(linkTable({ up, down })).toEqual([
    "link  seen       lost  duplicated  delivered  asked for",
    "up      20    4 (20%)           0         16  delay 20ms 5ms loss 20% seed 42",
    "down    16  3 (18.8%)   1 (6.25%)         14  delay 20ms 5ms loss 20% duplicate 5% seed 43",
  ]);
  expect(linkTable({ up: { counts: zero, asked: "" }, down: { counts: zero, asked: "limit 5" } }))
    .toEqual([
      "link  seen  lost  queue full  delivered  asked for",
      "up       0     0           0          0  nothing",
      "down     0     0           0          0  limit 5",
    ]);
});

test("linkTable() tells packets still on their way at the end apart from those lost", () => {
  const up = { counts: { ...zero, seen: 20, lost: 5, delivered: 15 }, under_way: 1, asked: "" };
  const down = { counts: { ...zero, seen: 2, lost: 2 }, under_way: 2, asked: "" };
  expect(linkTable({ up, down })).toEqual([
    "link  seen     lost  on its way  delivered  asked for",
    "up      20  4 (20%)           1         15  nothing",
    "down     2        0           2          0  nothing",
  ]);
});

test("firstWrong() finds the first by number, and packetsAround() what to draw with it", () => {
  const { exchanges } = eventful();
  const wrong = firstWrong(exchanges)!;
  expect(wrong.number).toBe(2);
  expect(packetsAround(wrong, exchanges).map(({ dir, n }) => `${dir} ${n}`))
    .toEqual(["up 2", "up 3", "down 2", "down 3"]);
  expect(exchanges.filter((exchange) => !isWrong(exchange)).map(({ number }) => number))
    .toEqual([1, 8]);
  expect(firstWrong(exchanges.filter((exchange) => !isWrong(exchange)))).toBeNull();
});

test("packetsAround() takes all that went on while the exchange did, up to a limit", () => {
  const { exchanges } = eventful();
  const overtaken = exchanges[6]!;
  const text = ladderText(packetsAround(overtaken, exchanges), { width: 70 });
  expect(text.slice(2)).toEqual([
    "6000.0 ms ├── ping 7 ─────────────┼───────────────────────▶│ 6020.0 ms",
    "          │                       ┊◀───────────── PING 7 ──┤ 6020.1 ms",
    "6100.0 ms ├── ping 8 ─────────────┼───────────────────────▶│ 6120.0 ms",
    "6140.1 ms │◀──────────────────────┼────────────── PING 8 ──┤ 6120.1 ms",
    "          ┊                       ┊                        ┊",
    "7234.5 ms │◀──────────── PING 7 ──┊ overtaken by PING 8    │",
  ]);
  expect(packetsAround(overtaken, exchanges, { most: 2 })).toEqual(overtaken.packets);
});
