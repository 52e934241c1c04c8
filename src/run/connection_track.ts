/**
 * One TCP connection, followed packet by packet (RFC 9293).
 */
import type { Direction, PacketEvent } from "../packet/mod.ts";
import { ByteStream, type StreamSegment } from "./byte_stream.ts";
import { blankConnection, type Connection, type ConnectionNotice } from "./connection.ts";
import { RequestTurns } from "./request_turns.ts";
import { isUnderWay } from "./under_way.ts";

/** Requests further back than this are not looked for. */
const FAR_BACK = 4_000_000;

/** What an acknowledgement says: so far has the sender of it got everything. */
interface Acknowledged {
  number: number;
  arrived_us: number;
}

/** Follows one connection. */
export class ConnectionTrack {
  readonly connection: Connection;
  #streams = { up: new ByteStream(), down: new ByteStream() };
  /** Behind the FIN of each direction, once it is known. */
  #finEnd: Record<Direction, number | null> = { up: null, down: null };
  /** What each direction's FIN acknowledged when it was sent first. */
  #finAcknowledges: Record<Direction, number> = { up: 0, down: 0 };
  /** The highest acknowledgement that reached each direction's sender, and the highest that was lost. */
  #acked: Record<Direction, Acknowledged> = { up: unheard(), down: unheard() };
  #ackLost: Record<Direction, number> = { up: 0, down: 0 };
  #turns = new RequestTurns(this.#streams.up, this.#streams.down);
  #told = new Set<ConnectionNotice["kind"]>();
  #notices: ConnectionNotice[] = [];

  constructor(client: string, server: string, number: number) {
    this.connection = blankConnection(client, server, number);
  }

  /** Whether this SYN of the client's begins another connection between the same sockets. */
  isBegunAnewBy(packet: PacketEvent): boolean {
    const { up } = this.connection.origin;
    return up !== null && packet.tcp!.seq !== up;
  }

  /** Whether nothing more is to come: both ends know of both FINs, or a RST has ended it. */
  get over(): boolean {
    const { refused, times: { fin, reset } } = this.connection;
    return refused || reset?.arrived_us != null ||
      (fin.up.acked_us !== null && fin.down.acked_us !== null);
  }

  /** Takes the next segment; returns what has become known by it. */
  push(packet: PacketEvent): ConnectionNotice[] {
    const { dir } = packet;
    const tcp = packet.tcp!;
    const good = packet.copies.filter((copy) => !copy.corrupted || copy.harmless);
    const arrived_us = good.length > 0 ? Math.min(...good.map((copy) => copy.at_us)) : null;
    this.#orient(packet);
    if (isUnderWay(packet)) this.connection.under_way++;
    if (tcp.flags.includes("R")) this.#reset(packet, arrived_us);
    else {
      this.#markOpening(packet, arrived_us);
      const { syn_sent_us, synack_sent_us } = this.connection.times;
      this.connection.joined = syn_sent_us === null && synack_sent_us === null;
      const acknowledges = tcp.flags.includes("A") ? this.#relative(other(dir), tcp.ack) : 0;
      if (!isUnderWay(packet)) this.#acknowledge(other(dir), acknowledges, arrived_us);
      this.#carry(packet, acknowledges, arrived_us);
      this.#markClosing();
    }
    this.#settleTurns();
    this.#tellMilestones();
    const notices = this.#notices;
    this.#notices = [];
    return notices;
  }

  /** What is left to tell when no more packets come. */
  finish(): ConnectionNotice[] {
    const { connection } = this;
    const notices: ConnectionNotice[] = [];
    for (const dir of ["up", "down"] as const) {
      for (const loss of this.#streams[dir].open) {
        notices.push({ kind: "lost", connection, dir, loss });
      }
    }
    const ended = (["closed", "reset", "refused"] as const).some((kind) => this.#told.has(kind));
    if (!ended) notices.push({ kind: "left", connection });
    return notices;
  }

  /** Learns from where each direction is counted: its SYN, or what comes nearest. */
  #orient({ dir, tcp }: PacketEvent): void {
    const { origin } = this.connection;
    const { flags, seq, ack } = tcp!;
    if (flags.includes("S")) origin[dir] = seq;
    if (flags.includes("A") && origin[other(dir)] === null) {
      origin[other(dir)] = (ack - 1) >>> 0;
    }
    if (!flags.includes("R")) origin[dir] ??= (seq - 1) >>> 0;
  }

  /** A number counted from its direction's SYN, past 4 GiB too; negative for what came before the record. */
  #relative(dir: Direction, value: number): number {
    const near = (value - (this.connection.origin[dir] ?? value)) >>> 0;
    const rounds = Math.round((this.#streams[dir].high - near) / 2 ** 32);
    return near + Math.max(-1, rounds) * 2 ** 32;
  }

  #markOpening({ dir, t_us, tcp }: PacketEvent, arrived: number | null): void {
    const { times } = this.connection;
    const [syn, ack] = [tcp!.flags.includes("S"), tcp!.flags.includes("A")];
    if (dir === "up" && syn) {
      times.syn_sent_us = earlier(times.syn_sent_us, t_us);
      times.syn_arrived_us = earlier(times.syn_arrived_us, arrived);
    } else if (dir === "up" && ack) {
      times.ack_arrived_us = earlier(times.ack_arrived_us, arrived);
    } else if (syn) {
      times.synack_sent_us = earlier(times.synack_sent_us, t_us);
      times.synack_arrived_us = earlier(times.synack_arrived_us, arrived);
    }
  }

  /** Notes that the receiver of `dir` has said it got everything below `number`. */
  #acknowledge(dir: Direction, number: number, arrived: number | null): void {
    if (arrived === null) {
      this.#ackLost[dir] = Math.max(this.#ackLost[dir], number);
      return;
    }
    const known = this.#acked[dir];
    if (number > known.number) this.#acked[dir] = { number, arrived_us: arrived };
    else if (number === known.number) known.arrived_us = Math.min(known.arrived_us, arrived);
    const wanted = dir === "up"
      ? Math.max(this.#turns.answeredTo, this.#streams.up.high - FAR_BACK)
      : this.#turns.waitsFor;
    this.#streams[dir].forget(Math.min(this.#acked[dir].number, wanted));
  }

  /** Takes what a segment holds. */
  #carry(packet: PacketEvent, acknowledges: number, arrived_us: number | null): void {
    const { connection } = this;
    const { dir, t_us, tcp } = packet;
    const { flags, len } = tcp!;
    const [syn, fin] = [flags.includes("S"), flags.includes("F")];
    const from = syn ? 0 : this.#relative(dir, tcp!.seq);
    const to = from + len + (syn ? 1 : 0) + (fin ? 1 : 0);
    if (to === from) {
      if (arrived_us === null && !isUnderWay(packet)) connection.acks_lost++;
      return;
    }
    if (fin) this.#markFin(dir, { sent: t_us, arrived: arrived_us, end: to, acknowledges });
    const segment: StreamSegment = {
      kind: len > 0 ? "data" : !syn ? "FIN" : dir === "up" ? "SYN" : "SYN ACK",
      ...{ from, to, bytes: len, fin, sent_us: t_us, arrived_us },
      cause: packet.copies.length > 0 ? null : packet.cause ?? "loss",
    };
    const stream = this.#streams[dir];
    if (dir === "down" && len > 0 && stream.firstSent(from) === null) {
      this.#turns.begin(Math.min(acknowledges, this.#dataEnd ?? Infinity), from);
    }
    const { repaired, again, repeats, bytes } = stream.push(segment);
    connection.bytes[dir] += bytes;
    if (this.#isAfterFin(dir, t_us)) connection.bytes_after_fin += bytes;
    if (arrived_us === null && !isUnderWay(packet)) connection.lost++;
    if (repeats) connection.resent++;
    connection.longest_wait_us = Math.max(connection.longest_wait_us, stream.longestWaitUs);
    for (const loss of repaired) this.#notices.push({ kind: "lost", connection, dir, loss });
    if (again) {
      const { under_way, ...rest } = again;
      const ack = this.#ackLost[dir] >= to ? "ack lost" : "ack under way";
      const why = under_way ? "under way" : ack;
      this.#notices.push({ kind: "again", connection, dir, again: { ...rest, why } });
    }
  }

  /** Behind the last of the client's data, once its FIN is known. */
  get #dataEnd(): number | null {
    const { up } = this.#finEnd;
    return up === null ? null : up - 1;
  }

  /** Tells of answers that have begun to arrive. */
  #settleTurns(): void {
    const { connection } = this;
    const turns = this.#turns.settle(this.#dataEnd);
    connection.streamed = this.#turns.streamed;
    if (connection.streamed) connection.trips_us = [];
    for (const { bytes, trip_us } of turns) {
      connection.trips_us.push(trip_us);
      this.#notices.push({ kind: "answered", connection, bytes, trip_us });
    }
  }

  #markFin(
    dir: Direction,
    { sent, arrived, end, acknowledges }: {
      sent: number;
      arrived: number | null;
      end: number;
      acknowledges: number;
    },
  ): void {
    const fin = this.connection.times.fin[dir];
    if (fin.sent_us === null || sent < fin.sent_us) this.#finAcknowledges[dir] = acknowledges;
    fin.sent_us = earlier(fin.sent_us, sent);
    fin.arrived_us = earlier(fin.arrived_us, arrived);
    this.#finEnd[dir] = end;
  }

  /** Whether what this direction sends then comes after the other's FIN has. */
  #isAfterFin(dir: Direction, sent: number): boolean {
    const { arrived_us } = this.connection.times.fin[other(dir)];
    return arrived_us !== null && sent > arrived_us;
  }

  #markClosing(): void {
    for (const dir of ["up", "down"] as const) {
      const end = this.#finEnd[dir];
      const fin = this.connection.times.fin[dir], { number, arrived_us } = this.#acked[dir];
      if (end !== null && number >= end) fin.acked_us = earlier(fin.acked_us, arrived_us);
      const others = this.#finEnd[other(dir)];
      fin.knows = others !== null && this.#finAcknowledges[dir] >= others;
    }
  }

  #reset({ dir, t_us }: PacketEvent, arrived_us: number | null): void {
    const { connection } = this;
    const { times } = connection;
    if (dir === "down" && times.synack_sent_us === null && !connection.joined) {
      if (arrived_us !== null) connection.refused = true;
    }
    // Of several, the first that arrived is the one that counts.
    if (times.reset?.arrived_us == null) times.reset = { dir, sent_us: t_us, arrived_us };
  }

  #tellMilestones(): void {
    const { refused, times } = this.connection;
    const { syn_sent_us, synack_arrived_us, fin, reset } = times;
    if (syn_sent_us !== null && synack_arrived_us !== null) this.#tell("opened");
    if (refused) this.#tell("refused");
    else if (fin.up.arrived_us !== null && fin.down.arrived_us !== null) this.#tell("closed");
    else if (reset?.arrived_us != null) this.#tell("reset");
  }

  #tell(kind: "opened" | "refused" | "closed" | "reset"): void {
    if (this.#told.has(kind)) return;
    this.#told.add(kind);
    this.#notices.push({ kind, connection: this.connection });
  }
}

function unheard(): Acknowledged {
  return { number: 0, arrived_us: Infinity };
}

function other(dir: Direction): Direction {
  return dir === "up" ? "down" : "up";
}

function earlier(known: number | null, time: number | null): number | null {
  return known === null || (time !== null && time < known) ? time : known;
}
