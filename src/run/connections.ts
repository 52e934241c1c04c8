/**
 * Connections out of packet events, told as they go.
 */
import { type LinkEvent, type PacketEvent, splitPort } from "../packet/mod.ts";
import type { Connection, ConnectionNotice } from "./connection.ts";
import { ConnectionTrack } from "./connection_track.ts";

/** Which connections are told. */
export interface ConnectionsOptions {
  /** The address of the only client whose connections are told, where several share a link. Default: each is. */
  client?: string;
}

/**
 * Tells TCP connections from the packets on the link. Feed it the events in the order they come; each call returns what
 * has become known by it.
 */
export class Connections {
  readonly #client: string | undefined;
  #all: ConnectionTrack[] = [];
  /** The latest between each two sockets. */
  #latest = new Map<string, ConnectionTrack>();
  /** Not over yet. */
  #going = new Set<ConnectionTrack>();

  constructor(options: ConnectionsOptions = {}) {
    this.#client = options.client;
  }

  /** Every connection so far, by its number. */
  get connections(): Connection[] {
    return this.#all.map((track) => track.connection);
  }

  /** Whether every connection has come to its end. */
  get over(): boolean {
    return this.#going.size === 0;
  }

  /** Takes an event; only packets of TCP tell anything. */
  push(event: LinkEvent): ConnectionNotice[] {
    if (event.ev !== "packet" || !event.tcp || !this.#isOurs(event)) return [];
    const track = this.#trackOf(event);
    if (track === null) return [];
    const notices = track.push(event);
    if (track.over) this.#going.delete(track);
    return notices;
  }

  /** What is left to tell: no more events come. */
  finish(): ConnectionNotice[] {
    return this.#all.flatMap((track) => track.finish());
  }

  #isOurs(packet: PacketEvent): boolean {
    if (this.#client === undefined) return true;
    return splitPort(packet.dir === "up" ? packet.src : packet.dst).address === this.#client;
  }

  #trackOf(packet: PacketEvent): ConnectionTrack | null {
    const [client, server] = packet.dir === "up"
      ? [packet.src, packet.dst]
      : [packet.dst, packet.src];
    const name = `${client} ${server}`;
    const known = this.#latest.get(name);
    const { flags } = packet.tcp!;
    const asks = packet.dir === "up" && flags.includes("S") && !flags.includes("A");
    if (known && !(asks && known.isBegunAnewBy(packet))) return known;
    // The last words of what came before the record began are no connection.
    if (!known && !flags.includes("S") && packet.tcp!.len === 0) return null;
    const track = new ConnectionTrack(client, server, this.#all.length + 1);
    this.#all.push(track);
    this.#latest.set(name, track);
    this.#going.add(track);
    return track;
  }
}
