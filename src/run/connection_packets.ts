/**
 * Which packets of connections are kept, to be drawn at the end: the first connection's, and those around the first loss.
 */
import type { LinkEvent, PacketEvent } from "../packet/mod.ts";
import type { Connection, ConnectionNotice, Loss } from "./connection.ts";

/** So many packets of the first connection are kept from its beginning, and as many up to its end. */
const ENDS = 100;
/** So many packets before the first loss are drawn with it, and so many after it was made up for. */
const BEFORE = 4, AFTER = 4;
/** So many packets of what went on between the loss and its repair. */
const BETWEEN = 16;

/** A segment that was lost and sent again, with the packets around it. */
export interface LossPicture {
  connection: Connection;
  dir: PacketEvent["dir"];
  loss: Loss;
  packets: PacketEvent[];
}

/** Keeps packets, fed event by event with what {@linkcode Connections} told of each. */
export class ConnectionPackets {
  #first: string | null = null;
  #head: PacketEvent[] = [];
  #tail: PacketEvent[] = [];
  /** Packets of the first connection between those kept. */
  omitted = 0;
  /** The first connection that was reset or refused, with its last packets; null where none was, or a loss came before. */
  broken: { connection: Connection; packets: PacketEvent[] } | null = null;
  /** The last few of each connection, until a loss is found. */
  #recent = new Map<string, PacketEvent[]>();
  #around:
    | { key: string; packets: PacketEvent[]; after: number; picture: LossPicture | null }
    | null = null;

  /** Takes an event of TCP and its notices. */
  push(event: LinkEvent, notices: readonly ConnectionNotice[]): void {
    if (event.ev !== "packet" || !event.tcp) return;
    const key = event.dir === "up" ? `${event.src} ${event.dst}` : `${event.dst} ${event.src}`;
    this.#first ??= key;
    if (key === this.#first) this.#keep(event);
    this.#watch(key, event, notices);
  }

  /** The packets of the first connection: all, or those of its beginning and its end. */
  get first(): readonly PacketEvent[] {
    return [...this.#head, ...this.#tail];
  }

  /** The first segment that was lost and sent again; null where none was. */
  get loss(): LossPicture | null {
    return this.#around?.picture ?? null;
  }

  #keep(packet: PacketEvent): void {
    if (this.#head.length < ENDS) this.#head.push(packet);
    else {
      this.#tail.push(packet);
      if (this.#tail.length > ENDS) {
        this.#tail.shift();
        this.omitted++;
      }
    }
  }

  #watch(key: string, packet: PacketEvent, notices: readonly ConnectionNotice[]): void {
    if (this.#around === null) return this.#remember(key, packet, notices);
    const around = this.#around;
    if (around.key !== key || around.after >= AFTER) return;
    const room = around.packets.length < BEFORE + 1 + BETWEEN;
    if (around.picture !== null || room || isRepair(notices)) around.packets.push(packet);
    if (around.picture !== null) around.after++;
    else {
      this.#find(notices);
      // What was lost had arrived otherwise: the next loss may be one that matters.
      if (around.picture === null && notices.some(isEnd)) this.#around = null;
    }
  }

  #remember(key: string, packet: PacketEvent, notices: readonly ConnectionNotice[]): void {
    const recent = this.#recent.get(key) ?? [];
    recent.push(packet);
    if (recent.length > BEFORE + 1) recent.shift();
    this.#recent.set(key, recent);
    const broken = notices.find(({ kind }) => kind === "reset" || kind === "refused");
    if (broken) this.broken ??= { connection: broken.connection, packets: [...recent] };
    if (notices.some(isEnd)) this.#recent.delete(key);
    if (!isLost(packet)) return;
    this.#around = { key, packets: recent, after: 0, picture: null };
    this.#recent.clear();
  }

  #find(notices: readonly ConnectionNotice[]): void {
    const notice = notices.find((one) => one.kind === "lost");
    if (notice?.kind !== "lost" || notice.loss.again_us === null) return;
    const { connection, dir, loss } = notice;
    this.#around!.picture = { connection, dir, loss, packets: this.#around!.packets };
  }
}

/** Whether what is lost must be sent again: a bare acknowledgement is not. */
function isLost({ tcp, copies }: PacketEvent): boolean {
  const arrived = copies.some((copy) => !copy.corrupted || copy.harmless);
  return !arrived && (tcp!.len > 0 || /[SF]/.test(tcp!.flags));
}

function isRepair(notices: readonly ConnectionNotice[]): boolean {
  return notices.some((notice) => notice.kind === "lost");
}

function isEnd({ kind }: ConnectionNotice): boolean {
  return kind === "closed" || kind === "reset" || kind === "refused";
}
