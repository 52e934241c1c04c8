/**
 * What was foretold is what happens: the fates of numbered datagrams, seen from outside and read from the record.
 */
import { expect, test, vi } from "vitest";
import { foretell, parseProfile } from "../../src/netem/mod.ts";
import {
  countOf,
  drained,
  last,
  type Peers,
  peers,
  peers6,
  send,
  stage,
  useFates,
  wire,
} from "./fates_stage.ts";
import { until } from "./poll.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 30_000 });
useFates();

const profiles = [
  "loss 20% seed 1",
  "loss 30% 25% seed 18446744073709551615",
  "loss state 10% 50% seed 3",
  "loss gemodel 5% 30% 70% 1% seed 4",
  "loss 10% duplicate 15% seed 5",
  "corrupt 20% loss 10% seed 6",
  "delay 4ms 3ms distribution normal loss 10% duplicate 5% seed 7",
  "delay 5ms reorder 25% 50% loss 10% seed 8",
];

test.each(profiles.flatMap((profile) => [["up", profile], ["down", profile]] as const))(
  "%s: %s does to each of 500 datagrams what was foretold",
  async (direction, profile) => {
    const count = 500;
    const told = foretell(parseProfile(profile), { count, intervalUs: 100, frameBytes: 106 });
    const damaged = new Set(told.corrupted);
    // A copy that is damaged fails its checksum, so that it arrives at the host but not at the program.
    const expected = [...told.copies].map((digit, i) => damaged.has(i + 1) ? 0 : Number(digit));
    const { arrived, events, all } = await send(
      direction,
      { profile, script: "" },
      count,
      (sent) => expected.slice(0, sent).reduce((sum, copies) => sum + copies, 0),
    );

    expect(countOf(arrived.map(({ n }) => n), count)).toBe(expected.join(""));
    expect(arrived.every(({ intact }) => intact)).toBe(true);
    if (!profile.includes("delay")) {
      expect(arrived.map(({ n }) => n)).toEqual(told.order.filter((n) => !damaged.has(n)));
    }

    const inOrder = events.toSorted((a, b) => a.n - b.n);
    expect(inOrder.map(({ n }) => n)).toEqual(Array.from({ length: count }, (_, i) => i + 1));
    expect(inOrder.map(({ copies }) => copies.length).join("")).toBe(told.copies);
    expect(inOrder.map(({ fate }) => fate)).toEqual(
      [...told.copies].map((digit) => ["lost", "delivered", "duplicated"][Number(digit)]),
    );
    expect(
      inOrder.filter(({ copies }) => copies.some(({ corrupted }) => corrupted)).map(({ n }) => n),
    )
      .toEqual(told.corrupted);
    expect(all[0]).toMatchObject({ ev: "begin", [direction]: { profile: told.profile } });
  },
);

test.each(["up", "down"] as const)(
  "%s: each copy leaves when it was foretold to, not before and little after",
  async (direction) => {
    const profile = "delay 20ms 10ms distribution normal duplicate 10% seed 9";
    const count = 300;
    const told = foretell(parseProfile(profile), { count, intervalUs: 100, frameBytes: 106 });
    const expected = [...told.copies].map(Number);
    const { events } = await send(
      direction,
      { profile, script: "" },
      count,
      (sent) => expected.slice(0, sent).reduce((sum, copies) => sum + copies, 0),
    );
    const late: number[] = [];
    for (const { n, t_us, copies } of events) {
      copies.forEach(({ at_us }, i) => late.push(at_us - t_us - told.delay_us[n - 1]![i]!));
    }
    expect(late).toHaveLength(expected.reduce((sum, copies) => sum + copies, 0));
    // A microsecond: both times are rounded.
    expect(Math.min(...late)).toBeGreaterThanOrEqual(-1);
    expect(late.sort((a, b) => a - b)[late.length >> 1]).toBeLessThan(5000);
  },
);

test("the same seed gives the same run again, another seed another", async () => {
  const fates = async (seed: number) => {
    const setting = { profile: `loss 30% duplicate 10% seed ${seed}`, script: "" };
    const { events } = await send("up", setting, 100, () => 0);
    return countOf(events.flatMap(({ n, copies }) => copies.map(() => n)), 100);
  };
  const first = await fates(77);
  expect(await fates(77)).toBe(first);
  expect(await fates(78)).not.toBe(first);
});

test.each(["up", "down"] as const)(
  "%s: the same seed gives IPv6 datagrams the fates of IPv4's: lost, doubled, damaged, overtaken, late",
  async (direction) => {
    const profile = "delay 5ms 4ms loss 15% duplicate 10% corrupt 10% reorder 20% 25% seed 41";
    const count = 300;
    const told = foretell(parseProfile(profile), { count, intervalUs: 100, frameBytes: 126 });
    const fates = async (over: Peers) => {
      const { events, arrived } = await send(
        direction,
        { profile, script: "hold 9 until 12" },
        count,
        () => 0,
        over,
      );
      const inOrder = events.toSorted((a, b) => a.n - b.n);
      return {
        fates: inOrder.map(({ n, fate, cause, copies, reordered }) => [
          n,
          fate,
          cause,
          copies.map(({ corrupted }) => corrupted),
          reordered,
        ]),
        arrived: countOf(arrived.map(({ n }) => n), count),
        src: new Set(inOrder.map(({ src }) => src)).size,
      };
    };
    const four = await fates(peers), six = await fates(peers6);
    expect(six).toEqual(four);
    const copies = four.fates.map(([, , , copies]) => (copies as boolean[]).length).join("");
    expect(copies).toBe(told.copies);
    for (const digit of "012") expect(copies).toContain(digit);
  },
);

test("a loss of one direction leaves the other alone: seeds are each direction's own", async () => {
  const profile = "loss 50% seed 20", count = 100;
  const { from, to, address } = peers.up;
  await Promise.all([from.forget(), to.forget()]);
  await stage.link.begin({ profile, script: "" }, { profile: "loss 50% seed 21", script: "" });
  // Both ways in turn: what goes down draws nothing from what goes up.
  for (let n = 1; n <= count; n++) {
    await from.send(address, { first: n });
    await peers.down.from.send(peers.down.address, { first: n });
  }
  await Promise.all([drained("up", count), drained("down", count)]);
  await stage.link.reset();
  for (const [direction, seed] of [["up", 20], ["down", 21]] as const) {
    const peer = peers[direction];
    await peer.from.send(peer.address, { first: last });
    const arrived = await until(
      () => peer.to.received(0, 0),
      (all) => all.some(({ n }) => n === last),
    );
    const told = foretell(parseProfile(`loss 50% seed ${seed}`), {
      count,
      intervalUs: 100,
      frameBytes: 106,
    });
    expect(countOf(arrived.map(({ n }) => n).filter((n) => n !== last), count)).toBe(told.copies);
  }
  await stage.link.end();
});

test("each packet of a flood is told, however many records wait at once", async () => {
  const { from, to, address } = peers.up;
  const count = 3000;
  await to.forget();
  const stream = await stage.link.events();
  const told: number[] = [];
  const recorded = (async () => {
    for await (const event of stream) {
      if (event.ev === "packet" && event.dir === "up") told.push(event.n);
      if (event.ev === "end") return event.missed;
    }
  })();
  await stage.link.begin(wire, wire);
  await from.send(address, { first: 1, count });
  await drained("up", count);
  await stage.link.end();
  expect(await recorded).toBe(0);
  expect(told).toEqual(Array.from({ length: count }, (_, i) => i + 1));
});
