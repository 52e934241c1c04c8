/**
 * Runs inside the rig: the link's tc driver on a stage, traffic, and what was told of it, as a JSON object on standard
 * output.
 */
import { type LinkClient, type LinkEnd, type LinkState } from "../../../src/link/mod.ts";
import type { PacketEvent } from "../../../src/packet/mod.ts";
import { until } from "../../link/poll.ts";
import { serverAddress, serverAddress6, Stage } from "../../link/stage.ts";
import type { Case, Outcome } from "./outcome.ts";

const [only] = Deno.args;
const wire = { profile: "", script: "" };
const outcomes: Record<string, Outcome> = {};
const stage = await Stage.start({ six: true });
// Of a flood to a neighbour who is not known yet the kernel keeps a hundred packets or so, and drops the others.
for (const host of [serverAddress, serverAddress6]) {
  await stage.run("client", "ping", "-c", "1", "-W", "5", host);
}

/** Datagrams that are all the same, as fast as they go, from a processor of its own. */
const flood = (host: string, count: number, processor = 0, word = "alike", pause = 0) =>
  stage.run(
    "client",
    "python3",
    "-c",
    `
import os, socket, time
os.sched_setaffinity(0, {${processor}})
s = socket.socket(socket.AF_INET6 if ":" in "${host}" else socket.AF_INET, socket.SOCK_DGRAM)
for i in range(${count}):
    s.sendto(b"${word}" * 12, ("${host}", 12000))
    if ${pause} > 0: time.sleep(${pause})
`,
  );

/** A run, what was told of it, and how it stood before it ended. */
async function watch(
  profile: string,
  traffic: (link: LinkClient) => Promise<unknown>,
  options: Pick<Case, "silent"> = {},
): Promise<Outcome> {
  const { link } = stage;
  const closing = new AbortController();
  const stream = options.silent ? null : await link.events({ signal: closing.signal });
  const packets: PacketEvent[] = [];
  const told = (async () => {
    for await (const event of stream ?? []) {
      if (event.ev === "packet" && event.dir === "up") packets.push(event);
      if (event.ev === "end") break;
    }
  })();
  await link.begin({ profile, script: "" }, wire);
  await traffic(link);
  const state: LinkState = await link.show();
  const end: LinkEnd = await link.end();
  await told;
  closing.abort();
  packets.sort((a, b) => a.n - b.n);
  return {
    followed: state.followed ?? false,
    up: end.up,
    queued: state.up.queued,
    missed: end.missed,
    numbers: packets.every(({ n }, i) => n === i + 1),
    copies: packets.map(({ copies }) => copies.length).join(""),
    corrupted: packets.filter(({ copies }) => copies.some(({ corrupted }) => corrupted))
      .map(({ n }) => n),
    reordered: packets.filter(({ reordered }) => reordered).map(({ n }) => n),
    causes: [...new Set(packets.map(({ cause }) => cause ?? ""))].sort(),
    earliest: Math.min(
      ...packets.flatMap(({ t_us, copies }) => copies.map(({ at_us }) => at_us - t_us)),
    ),
  };
}

const drained = (seen: number) => (link: LinkClient) =>
  until(() => link.show(), ({ up }) => up.counts.seen >= seen && up.queued === 0, 30_000);

/** What is tried, by name. */
const cases: Record<string, () => Promise<Outcome>> = {
  alike: () =>
    watch(
      "delay 8ms 6ms loss 15% duplicate 15% corrupt 10% seed 7",
      (link) => flood(serverAddress6, 600, 0, "alike", 0.0005).then(() => drained(600)(link)),
    ),
  overtaking: () =>
    watch(
      "delay 20ms reorder 25% gap 2 loss 10% seed 9",
      (link) => flood(serverAddress6, 400, 0, "alike", 0.0005).then(() => drained(400)(link)),
    ),
  // No more than fits the ring of the taps: a rig can stand still for longer than they take.
  race: () =>
    watch("loss 10% duplicate 5% limit 100000 seed 5", (link) =>
      Promise.all([
        flood(serverAddress, 1500, 0, "zero"),
        flood(serverAddress, 1500, 1, "one."),
      ]).then(() => drained(3000)(link))),
  silent: () =>
    watch(
      "loss 10% duplicate 5% limit 100000 seed 5",
      (link) => flood(serverAddress, 2000).then(() => drained(2000)(link)),
      { silent: true },
    ),
  full: () => watch("delay 60s limit 30 loss 10% seed 2", () => flood(serverAddress6, 100)),
  unforetold: () =>
    watch(
      "delay 5ms loss 20% 30% duplicate 10% seed 4",
      (link) => flood(serverAddress, 400, 0, "some", 0.0005).then(() => drained(400)(link)),
    ),
  changed: () =>
    watch("delay 2ms loss 30% seed 1", async (link) => {
      await flood(serverAddress6, 100);
      await drained(100)(link);
      await link.set({ up: { profile: "delay 5ms 4ms distribution normal loss 50%", script: "" } });
      await flood(serverAddress6, 100);
      await drained(200)(link);
      // tc cannot take a table back: this takes a fresh netem.
      await link.set({ up: { profile: "delay 5ms 4ms loss 20% seed 3", script: "" } });
      await flood(serverAddress6, 100);
      await drained(300)(link);
    }),
  refused: () =>
    watch("loss 30% seed 1", async (link) => {
      await flood(serverAddress6, 100);
      await drained(100)(link);
      // Nothing is left that tc could change of the other direction.
      for (const device of ["link-down-0", "link-down-1"]) {
        const seat = ["parent", "10:1", "handle", "20:"];
        await stage.run("server", "tc", "qdisc", "replace", "dev", device, ...seat, "blackhole");
      }
      const up = { profile: "loss 100%", script: "" };
      const set = await link.set({ up, down: up }).then(() => true, () => false);
      if (set) throw new Error("tc has changed what is not there");
      await flood(serverAddress6, 100);
      await drained(200)(link);
    }),
};

try {
  for (const [name, run] of Object.entries(cases)) {
    if (only === undefined || only === name) outcomes[name] = await run();
  }
  console.log(JSON.stringify(outcomes));
} finally {
  await stage[Symbol.asyncDispose]();
}
