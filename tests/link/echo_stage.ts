/** A server that echoes datagrams, behind a link, and a client. */
import { afterAll, beforeAll, beforeEach } from "vitest";
import { until } from "./poll.ts";
import type { Peer } from "./peer_client.ts";
import { serverAddress, Stage } from "./stage.ts";

/** The setting of a perfect wire. */
export const wire = { profile: "", script: "" };
/** Where the server's socket is. */
export const toServer = { host: serverAddress, port: 12000 };
/** The number of a datagram that no test sends. */
const marker = 4_000_000;
/** The link between them, and sockets at both ends. */
export let stage: Stage, server: Peer, client: Peer;

/** Sets them up for the tests of a file; each begins a run on a perfect wire, with nothing under way. */
export function useEcho(): void {
  beforeAll(async () => {
    stage = await Stage.start();
    [server, client] = await Promise.all([stage.peer("server"), stage.peer("client")]);
    await server.udp(12000, { echo: true });
    await client.udp(40000);
    // Neighbours known, so that no test waits for ARP.
    await client.send(toServer, { first: 0 });
    await client.received(1);
  });
  afterAll(async () => await stage?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    await stage.link.begin(wire, wire);
    // Behind this one's answer nothing of the test before is under way any more: the wire and the server keep order.
    await client.send(toServer, { first: marker });
    await until(() => client.received(0, 0), (all) => all.some(({ n }) => n === marker));
    await stage.link.begin(wire, wire);
    await Promise.all([server.forget(), client.forget()]);
  });
}

/** Waits until the link holds nothing back. */
export const quiet = () =>
  until(() => stage.link.show(), ({ up, down }) => up.queued === 0 && down.queued === 0);
