/** What exchanges make of IP: fragments, and both of its versions. */
import { expect, test } from "vitest";
import { EventWriter } from "./events_for_test.ts";
import { Exchanges } from "./exchanges.ts";
import { feed, short } from "./exchanges_for_test.ts";

test("Exchanges takes a datagram in fragments as one request", () => {
  const link = new EventWriter();
  const text = "ping 1 abc";
  const { told, exchanges } = feed([
    ...link.fragments(["up", 0], 65507, { id: 7, text, arrival: 20 }),
    ...link.fragments(["down", 21], 65507, { id: 9, text: text.toUpperCase(), arrival: 41 }),
    ...link.fragments(["up", 100], 3000, { id: 8, text: "ping 2", arrival: 120, lost: [1] }),
    ...link.fragments(["up", 200], 3000, { id: 9, text: "ping 3", arrival: 220 }),
    ...link.fragments(["down", 221], 3000, { id: 10, text: "PING 3", arrival: 241, lost: [0] }),
  ]);
  expect(told).toEqual(["1 answered 41.44", "2 lost_up", "3 lost_down"]);
  expect(exchanges.exchanges.map(({ bytes }) => bytes)).toEqual([65507, 3000, 3000]);
});

test("Exchanges pairs over IPv6: datagrams, fragments with their longer headers, echo", () => {
  const link = new EventWriter(true);
  const echo = (type: number) => ({
    proto: "icmp" as const,
    src: type === 128 ? "fd00:77::2" : "fd00:77::1",
    dst: type === 128 ? "fd00:77::1" : "fd00:77::2",
    len: 104,
    udp: undefined,
    icmp: { type, code: 0, id: 5, seq: 1 },
  });
  const { told, exchanges } = feed([
    link.packet(["up", 0], "ping 1", { arrivals: [20] }),
    link.packet(["down", 21], "PING 1", { arrivals: [41] }),
    ...link.fragments(["up", 100], 3000, { id: 8, text: "ping 2", arrival: 120 }),
    ...link.fragments(["down", 121], 3000, { id: 8, text: "PING 2", arrival: 141, lost: [1] }),
    link.packet(["up", 200], "", { arrivals: [220], fields: echo(128) }),
    link.packet(["down", 220], "", { arrivals: [240], fields: echo(129) }),
  ]);
  expect(told).toEqual(["1 answered 41", "2 lost_down", "3 answered 40"]);
  expect(exchanges.exchanges.map(({ bytes, client }) => [bytes, client])).toEqual([
    [6, "[fd00:77::2]:40000"],
    [3000, "[fd00:77::2]:40000"],
    [56, "fd00:77::2"],
  ]);
});

test("Exchanges takes clients of both families apart, whose ports are the same", () => {
  const four = new EventWriter(), six = new EventWriter(true);
  const { told, exchanges } = feed([
    four.packet(["up", 0], "a", { arrivals: [20] }),
    { ...six.packet(["up", 1], "a", { arrivals: [21] }), n: 2 },
    { ...six.packet(["down", 22], "A", { arrivals: [42] }), n: 1 },
    { ...four.packet(["down", 23], "A", { arrivals: [43] }), n: 2 },
  ]);
  expect(told).toEqual(["2 answered 41", "1 answered 43"]);
  expect(exchanges.exchanges.map(({ reordered }) => reordered)).toEqual([false, false]);
});

test("Exchanges counts a doubled datagram in fragments once all parts are there twice", () => {
  const link = new EventWriter();
  const { exchanges } = feed([
    ...link.fragments(["up", 0], 2000, { id: 7, text: "a", arrival: 20, copies: 2 }),
  ]);
  expect(exchanges.exchanges[0]).toMatchObject({ requests_arrived: 2, outcome: "unanswered" });
});

test("Exchanges puts fragments together in any order, and takes missing ones for lost", () => {
  const link = new EventWriter();
  const parts = link.fragments(["up", 0], 5000, { id: 7, text: "big", arrival: 20 });
  expect(feed(parts.toReversed()).exchanges.exchanges).toHaveLength(1);
  expect(feed(parts.slice(0, -1)).finished).toEqual(["1 lost_up"]);
  expect(feed(parts.slice(1)).finished).toEqual([]);
});

test("Exchanges numbers requests without their fragments, once it has seen that there are any", () => {
  const link = new EventWriter();
  const first = link.fragments(["up", 0], 3000, { id: 1, text: "one", arrival: 500 });
  const second = link.packet(["up", 10], "two");
  const third = link.fragments(["up", 20], 3000, { id: 3, text: "three", arrival: 40, lost: [0] });
  // The first is held in the link: that it has three packets is not known when the others are lost.
  const exchanges = new Exchanges();
  const told = [second, ...third].flatMap((event) => exchanges.push(event)).map(short);
  const rest = [...first.flatMap((event) => exchanges.push(event)), ...exchanges.finish()].map(
    short,
  );
  expect(told).toEqual(["4 lost_up"]); // no sign of fragments yet: the packet's own number
  expect(rest).toEqual(["3 lost_up", "1 unanswered"]);
});
