import fc from "fast-check";
import { expect, test } from "vitest";
import type { LinkEvent, PacketEvent } from "../packet/mod.ts";
import { EventWriter, upper } from "./events_for_test.ts";
import { Exchanges, type ExchangesOptions } from "./exchanges.ts";
import { feed, short } from "./exchanges_for_test.ts";

test("Exchanges tells each fate of a request as soon as it is known", () => {
  const link = new EventWriter();
  const { told, finished, exchanges } = feed([
    link.packet(["up", 0], "ping 1", { arrivals: [20] }),
    link.packet(["down", 21], "PING 1", { arrivals: [41] }),
    link.packet(["up", 100], "ping 2"),
    link.packet(["up", 200], "ping 3", { arrivals: [220] }),
    link.packet(["down", 221], "PING 3", { cause: "script" }),
    link.packet(["up", 300], "ping 4", { arrivals: [320], damaged: true }),
    link.packet(["up", 400], "ping 5", { arrivals: [420] }),
    link.packet(["down", 421], "PING 5", { arrivals: [441], damaged: true }),
    link.packet(["up", 500], "ping 6", { arrivals: [520] }),
  ]);
  expect(told).toEqual([
    "1 answered 41",
    "2 lost_up",
    "3 lost_down",
    "4 corrupted_up",
    "5 corrupted_down",
  ]);
  expect(finished).toEqual(["6 unanswered"]);
  expect(exchanges.exchanges.map(({ cause }) => cause))
    .toEqual([null, "loss", "script", null, null, null]);
  expect(exchanges.exchanges[0]).toMatchObject({ bytes: 6, sent_us: 0, rtt_us: 41000 });
  expect(exchanges.exchanges[2]!.packets).toHaveLength(2);
});

test("Exchanges takes a copy for whole whose flipped bit is harmless", () => {
  const link = new EventWriter();
  const copies = [{ at_us: 41_000, corrupted: true, harmless: true as const }];
  const { told } = feed([
    link.packet(["up", 0], "ping 1", { arrivals: [20] }),
    link.packet(["down", 21], "PING 1", { arrivals: [41], fields: { copies } }),
  ]);
  expect(told).toEqual(["1 answered 41"]);
});

test("Exchanges pairs answers that begin with a stamp, by what is behind it", () => {
  const link = new EventWriter();
  const stamp = "[Sat Nov 21 04:31:00 2026] ",
    long = "one line that is longer than any head shows, 1";
  const options: ExchangesOptions = {
    answerHead: (head) => head,
    answerPart: (head) => head.subarray(stamp.length),
  };
  const { told, finished } = feed([
    link.packet(["up", 0], "first", { arrivals: [40] }),
    link.packet(["up", 10], long, { arrivals: [30] }),
    link.packet(["up", 20], "", { arrivals: [35] }),
    link.packet(["down", 31], stamp + long, { arrivals: [51] }),
    link.packet(["down", 36], stamp, { arrivals: [56] }),
    link.packet(["down", 41], `${stamp}first`, { arrivals: [61] }),
  ], options);
  expect(told.toSorted()).toEqual(["1 answered 61 reordered", "2 answered 41", "3 answered 36"]);
  expect(finished).toEqual([]);
});

test("Exchanges counts duplicates of either direction", () => {
  const link = new EventWriter();
  const { told, exchanges } = feed([
    link.packet(["up", 0], "ping 1", { arrivals: [20, 20] }),
    link.packet(["down", 21], "PING 1", { arrivals: [41] }),
    link.packet(["down", 22], "PING 1", { arrivals: [43] }),
    link.packet(["up", 100], "ping 2", { arrivals: [120] }),
    link.packet(["down", 121], "PING 2", { arrivals: [141, 142] }),
  ]);
  expect(told).toEqual(["1 answered 41", "1 duplicate 43", "2 answered 41", "2 duplicate 42"]);
  expect(exchanges.exchanges.map((one) => [one.requests_arrived, one.answers_arrived]))
    .toEqual([[2, 2], [1, 2]]);
});

test("Exchanges waits for the second answer to a doubled request before calling it lost", () => {
  const link = new EventWriter();
  const request = link.packet(["up", 0], "ping 1", { arrivals: [20, 20] });
  const lost = link.packet(["down", 21], "PING 1");
  const second = link.packet(["down", 22], "PING 1", { arrivals: [42] });
  expect(feed([request, lost, second]).told).toEqual(["1 answered 42"]);
  expect(feed([request, lost]).finished).toEqual(["1 lost_down"]);
});

test("Exchanges pairs an answer whose request is written down after it", () => {
  // A doubled request is written when its last copy has left, here long after the answer.
  const link = new EventWriter();
  const request = link.packet(["up", 0], "ping 1", { arrivals: [20, 300] });
  const other = link.packet(["up", 10], "ping 2", { arrivals: [30] });
  const answer = link.packet(["down", 21], "PING 1", { arrivals: [41] });
  const second = link.packet(["down", 301], "PING 1", { arrivals: [321] });
  const { told, finished } = feed([other, answer, request, second]);
  expect(told).toEqual(["1 answered 41", "1 duplicate 321"]);
  expect(finished).toEqual(["2 unanswered"]);
});

test("Exchanges settles what nobody answers after time limit and grace, and tells of a late answer", () => {
  const link = new EventWriter();
  const exchanges = new Exchanges({ answerHead: upper, timeoutMs: 100, graceMs: 50 });
  const tell = (event: LinkEvent) => exchanges.push(event).map(short);
  expect(tell(link.packet(["up", 0], "ping 1", { arrivals: [20] }))).toEqual([]);
  expect(tell(link.packet(["up", 10], "ping 2", { arrivals: [30] }))).toEqual([]);
  expect(exchanges.advance(149_000).map(short)).toEqual([]);
  expect(exchanges.advance(150_001).map(short)).toEqual(["1 unanswered"]);
  expect(tell(link.packet(["down", 31], "PING 2", { arrivals: [155] }))).toEqual([
    "2 answered 145 late",
  ]);
  expect(tell(link.packet(["down", 21], "PING 1", { arrivals: [200] })))
    .toEqual(["1 answered_after_all 200 late reordered"]);
  expect(exchanges.finish()).toEqual([]);
});

test("Exchanges marks an answer that came after the answer to a later request", () => {
  const link = new EventWriter();
  const { told, exchanges } = feed([
    link.packet(["up", 10], "ping 1", { arrivals: [60] }),
    link.packet(["up", 20], "ping 2", { arrivals: [40] }),
    link.packet(["up", 30], "ping 3", { arrivals: [50] }),
    link.packet(["down", 41], "PING 2", { arrivals: [61] }),
    link.packet(["down", 51], "PING 3", { arrivals: [71] }),
    link.packet(["down", 61], "PING 1", { arrivals: [81] }),
  ]);
  expect(told).toEqual(["2 answered 41", "3 answered 41", "1 answered 71 reordered"]);
  expect(exchanges.exchanges.map(({ number }) => number)).toEqual([1, 2, 3]);
});

test("Exchanges finds an overtaking that the record tells late", () => {
  const link = new EventWriter();
  const requests = [
    link.packet(["up", 0], "ping 1", { arrivals: [20] }),
    link.packet(["up", 5], "ping 2", { arrivals: [20] }),
  ];
  // The second answer overtook the first, but its own second copy delays its event.
  const overtaker = link.packet(["down", 22], "PING 2", { arrivals: [30, 90] });
  const overtaken = link.packet(["down", 21], "PING 1", { arrivals: [40] });
  expect(feed([...requests, overtaken, overtaker]).told)
    .toEqual(["1 answered 40", "1 overtaken 40 reordered", "2 answered 25", "2 duplicate 85"]);
});

test("Exchanges gives an answer of wrong bytes to the oldest request without one, later", () => {
  const link = new EventWriter();
  const events = [
    link.packet(["up", 0], "ping 1", { arrivals: [20] }),
    link.packet(["up", 10], "ping 2", { arrivals: [30] }),
    link.packet(["down", 31], "PING 2", { arrivals: [51] }),
    link.packet(["down", 32], "ping 1", { arrivals: [52] }),
  ];
  const { told, finished } = feed(events);
  expect(told).toEqual(["2 answered 41"]);
  expect(finished).toEqual(["1 answered 52 reordered"]);
  const later = link.packet(["up", 600], "ping 3");
  expect(feed([...events, later]).told)
    .toEqual(["2 answered 41", "3 lost_up", "1 answered 52 reordered"]);
});

test("Exchanges without a rule answers the oldest first", () => {
  const link = new EventWriter();
  const { told } = feed([
    link.packet(["up", 0], "a", { arrivals: [20] }),
    link.packet(["up", 10], "b", { arrivals: [30] }),
    link.packet(["down", 31], "one", { arrivals: [51] }),
    link.packet(["down", 32], "two", { arrivals: [52] }),
  ], {});
  expect(told).toEqual(["1 answered 51", "2 answered 42"]);
});

test("Exchanges tells a repeated datagram from its first sending by time and size", () => {
  const link = new EventWriter();
  const a = "a".repeat(64);
  const long = (bytes: number) => ({ fields: { udp: { len: bytes }, len: 28 + bytes } });
  const { exchanges } = feed([
    link.packet(["up", 0], "hello"),
    link.packet(["up", 100], "hello", { arrivals: [120] }),
    link.packet(["down", 121], "HELLO", { arrivals: [141] }),
    link.packet(["up", 200], a, { arrivals: [220], ...long(1023) }),
    link.packet(["up", 201], a, { arrivals: [221], ...long(1024) }),
    link.packet(["down", 222], a.toUpperCase(), { arrivals: [242], ...long(1024) }),
    link.packet(["down", 223], a.toUpperCase(), { arrivals: [243], ...long(1023) }),
  ]);
  expect(exchanges.exchanges.map(({ rtt_us }) => rtt_us)).toEqual([null, 41000, 43000, 41000]);
});

test("Exchanges keeps clients and empty datagrams apart", () => {
  const link = new EventWriter();
  const other = { client: "10.77.0.3:40000" };
  const { exchanges, told } = feed([
    link.packet(["up", 0], "", { arrivals: [20] }),
    link.packet(["up", 1], "", { arrivals: [21], ...other }),
    link.packet(["down", 22], "", { arrivals: [52], ...other }),
    link.packet(["down", 23], "", { arrivals: [43] }),
  ]);
  expect(told).toEqual(["2 answered 51", "1 answered 43"]);
  expect(exchanges.exchanges.map(({ client }) => client))
    .toEqual(["10.77.0.2:40000", "10.77.0.3:40000"]);
});

test("Exchanges reports as stray what answers nothing", () => {
  const link = new EventWriter();
  const { finished } = feed([link.packet(["down", 5], "HI", { arrivals: [25] })]);
  expect(finished).toEqual(["stray HI"]);
});

test("Exchanges pairs pings by identifier and number, and ignores TCP", () => {
  const link = new EventWriter();
  const echo = (type: number, seq: number): { fields: Partial<PacketEvent> } => ({
    fields: { proto: "icmp", udp: undefined, len: 84, icmp: { type, code: 0, id: 9, seq } },
  });
  const tcp = { flags: "A", seq: 1, ack: 1, win: 1, len: 0 };
  const { told, exchanges } = feed([
    link.packet(["up", 0], "x", { arrivals: [20], fields: { proto: "tcp", udp: undefined, tcp } }),
    link.packet(["up", 1], "x", { arrivals: [21], ...echo(8, 1) }),
    link.packet(["up", 2], "x", { arrivals: [22], ...echo(8, 2) }),
    link.packet(["down", 23], "x", { arrivals: [43], ...echo(0, 2) }),
    link.packet(["down", 24], "x", { arrivals: [44], ...echo(0, 1) }),
  ]);
  expect(told).toEqual(["2 answered 41", "1 answered 43 reordered"]);
  expect(exchanges.exchanges[0]).toMatchObject({ proto: "icmp", bytes: 56 });
});

test("Exchanges stays exact over more requests than a flow remembers", () => {
  const link = new EventWriter();
  const exchanges = new Exchanges({ answerHead: upper });
  const count = 25_000;
  for (let i = 1; i <= count; i++) {
    exchanges.push(link.packet(["up", i], `ping ${i}`, { arrivals: [i + 20] }));
    const arrivals = i % 100 === 0 ? [] : [i + 41];
    exchanges.push(link.packet(["down", i + 21], `PING ${i}`, { arrivals }));
  }
  expect(exchanges.finish()).toEqual([]);
  const all = exchanges.exchanges;
  expect(all.filter(({ outcome }) => outcome === "lost_down")).toHaveLength(count / 100);
  expect(all.filter(({ rtt_us }) => rtt_us === 41_000)).toHaveLength(count - count / 100);
  expect(all.map(({ number }) => number)).toEqual(all.map((_, i) => i + 1));
});

test("Exchanges gives the same result for any order of events that are not far apart", () => {
  const fate = fc.record({
    up: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 2 }),
    down: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 2 }),
  });
  fc.assert(
    fc.property(fc.array(fate, { minLength: 1, maxLength: 12 }), (fates) => {
      const link = new EventWriter();
      const events: PacketEvent[] = [];
      for (const [i, { up, down }] of fates.entries()) {
        const at = i * 20;
        const reached = up.map((ms) => at + ms).sort((a, b) => a - b);
        events.push(link.packet(["up", at], `ping ${i}`, { arrivals: reached }));
        for (const ms of reached) {
          const back = down.map((delay) => ms + 1 + delay);
          events.push(link.packet(["down", ms + 1], `PING ${i}`, { arrivals: back }));
        }
      }
      // As the link writes: when the last copy has left.
      const written = (event: PacketEvent) =>
        Math.max(event.t_us, ...event.copies.map((copy) => copy.at_us));
      const { exchanges } = feed(events.toSorted((a, b) => written(a) - written(b)));
      expect(exchanges.exchanges.map((one) => [one.outcome, one.answers_arrived])).toEqual(
        fates.map(({ up, down }) => [
          up.length === 0 ? "lost_up" : down.length === 0 ? "lost_down" : "answered",
          up.length * down.length,
        ]),
      );
      for (const [i, one] of exchanges.exchanges.entries()) {
        const { up, down } = fates[i]!;
        const best = Math.min(...up) + 1 + Math.min(...down);
        expect(one.rtt_us).toBe(up.length && down.length ? best * 1000 : null);
      }
    }),
    { seed: 11, numRuns: 300 },
  );
});

test("Exchanges with `client` tells and numbers that client's alone, behind the packets before it came", () => {
  const link = new EventWriter();
  const own = "10.77.0.5:41000";
  // Two that came before, of which one is still on its way: its event comes when it has left.
  link.packet(["up", 0], "other 1", { arrivals: [20] });
  const late = link.packet(["up", 1], "other 2", { arrivals: [500] });
  const { told, finished, exchanges } = feed([
    link.packet(["up", 100], "ping 1", { arrivals: [120], client: own }),
    link.packet(["up", 110], "other 3"),
    link.packet(["up", 120], "ping 2", { client: own }),
    link.packet(["down", 121], "PING 1", { arrivals: [141], client: own }),
    link.packet(["down", 122], "OTHER 1", { arrivals: [142] }),
    late,
    link.packet(["up", 520], "ping 3", { arrivals: [540], client: own }),
  ], { answerHead: upper, client: "10.77.0.5", after: 2 });
  expect(told).toEqual(["2 lost_up", "1 answered 41"]);
  expect(finished).toEqual(["3 unanswered"]);
  expect(exchanges.exchanges.map(({ client }) => client)).toEqual([own, own, own]);
});

test("Exchanges with `client` waits with a number for others' packets whose events come later", () => {
  const link = new EventWriter();
  const own = "10.77.0.5:41000";
  const before = link.packet(["up", 100], "other 1", { arrivals: [105] });
  const { told } = feed([
    // Lost, so told at once: the one before it is still on its way.
    link.packet(["up", 101], "ping 1", { client: own }),
    before,
    link.packet(["up", 120], "ping 2", { client: own }),
  ], { answerHead: upper, client: "10.77.0.5" });
  expect(told).toEqual(["1 lost_up", "2 lost_up"]);
});
