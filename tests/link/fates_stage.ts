/** Numbered datagrams through an impaired link: what arrives, and what the link's record says of them. */
import { afterAll, beforeAll } from "vitest";
import type { LinkEvent, PacketEvent } from "../../src/packet/mod.ts";
import type { Received } from "./payload.ts";
import type { Peer } from "./peer_client.ts";
import { until } from "./poll.ts";
import { clientAddress, clientAddress6, serverAddress, serverAddress6, Stage } from "./stage.ts";

/** The setting of a perfect wire. */
export const wire = { profile: "", script: "" };
/** Comes behind all others. */
export const last = 0xffffffff;
/** Few enough to fit a socket's buffer, whatever its reader is doing. */
const batch = 50;
/** A way through the link. */
export type Direction = "up" | "down";
/** Who sends to whom, by the way. */
export type Peers = Record<
  Direction,
  { from: Peer; to: Peer; address: { host: string; port: number } }
>;
/** The link between the sockets. */
export let stage: Stage;
/** The sockets, of IPv4 and of IPv6. */
export let peers: Peers, peers6: Peers;

/** Sets link and sockets up for the tests of a file. */
export function useFates(): void {
  beforeAll(async () => {
    stage = await Stage.start({ six: true });
    [peers, peers6] = await Promise.all([
      open(serverAddress, clientAddress),
      open(serverAddress6, clientAddress6),
    ]);
  });
  afterAll(async () => await stage?.[Symbol.asyncDispose]());
}

/** Sockets at both ends, of the family of these addresses. */
async function open(serverHost: string, clientHost: string): Promise<Peers> {
  const [server, client] = await Promise.all([stage.peer("server"), stage.peer("client")]);
  await server.udp(12000, { host: serverHost });
  await client.udp(40000, { host: clientHost });
  return {
    up: { from: client, to: server, address: { host: serverHost, port: 12000 } },
    down: { from: server, to: client, address: { host: clientHost, port: 40000 } },
  };
}

/** Waits until the link has seen so many and holds none of them back. */
export const drained = (direction: Direction, seen: number) =>
  until(
    () => stage.link.show(),
    (state) => state[direction].counts.seen === seen && state[direction].queued === 0,
    30_000,
  );

/** Sends datagrams 1 to `count` through one direction of an impaired link; what arrived, and the record of it. */
export async function send(
  direction: Direction,
  setting: { profile: string; script: string },
  count: number,
  arriving: (sent: number) => number,
  over = peers,
): Promise<{ arrived: Received[]; events: PacketEvent[]; all: LinkEvent[] }> {
  const { from, to, address } = over[direction];
  await to.forget();
  const stream = await stage.link.events();
  const recorded = (async () => {
    const all: LinkEvent[] = [];
    for await (const event of stream) {
      all.push(event);
      if (event.ev === "end") break;
    }
    return all;
  })();
  const other = direction === "up" ? "down" : "up";
  const settings = { [direction]: setting, [other]: wire } as Record<Direction, typeof wire>;
  await stage.link.begin(settings.up, settings.down);
  for (let sent = 0; sent < count;) {
    const size = Math.min(batch, count - sent);
    await from.send(address, { first: sent + 1, count: size });
    sent += size;
    await drained(direction, sent);
    // So that the socket's buffer is empty; were fewer to come than foretold, the comparison tells.
    await to.received(arriving(sent), 2000);
  }
  // On a perfect wire again, this one comes behind all that will ever come.
  await stage.link.reset();
  await from.send(address, { first: last });
  await until(() => to.received(0, 0), (all) => all.some(({ n }) => n === last));
  await stage.link.end();
  const all = await recorded;
  return {
    arrived: (await to.received(0, 0)).filter(({ n }) => n !== last),
    events: all.filter((event) => event.ev === "packet")
      .filter((event) => event.dir === direction && event.n <= count),
    all,
  };
}

/** How often each number from 1 to `count` is there, a digit each. */
export const countOf = (numbers: number[], count: number) => {
  const copies = new Array<number>(count).fill(0);
  for (const n of numbers) copies[n - 1]!++;
  return copies.join("");
};
