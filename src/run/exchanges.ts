/**
 * Exchanges out of packet events, told as soon as each is settled.
 */
import { decodeBase64, encodeBase64, splitPort } from "../packet/mod.ts";
import type { LinkEvent, PacketEvent } from "../packet/mod.ts";
import { type Datagram, Reassembly } from "./datagram.ts";
import type { Exchange, ExchangeNotice, ExchangeOutcome } from "./exchange.ts";
import { type Entry, Flow } from "./flow.ts";
import { Numbering } from "./numbering.ts";

/** How exchanges are told apart. */
export interface ExchangesOptions {
  /**
   * The lab's rule: what the answer to a request begins with, given what the request begins with
   * (64 bytes at most). Default: an answer belongs to the oldest request without one.
   */
  answerHead?: (requestHead: Uint8Array) => Uint8Array;
  /**
   * The part of an answer that `answerHead` tells, given what the answer begins with: of a stamped one, what is
   * behind the stamp. The first 32 bytes of either are compared. Default: all of it.
   */
  answerPart?: (answerHead: Uint8Array) => Uint8Array;
  /** The client's time limit in milliseconds: answers after it are late. Default 1000. */
  timeoutMs?: number;
  /** How long after the time limit a request without an answer is settled as such. Default 1000. */
  graceMs?: number;
  /**
   * The address of the only client whose exchanges are told and numbered, where several share a link. Default: each
   * is told, in one numbering.
   */
  client?: string;
  /** With `client`: so many packets had come up before; none of them was its own. Default 0. */
  after?: number;
}

const REQUESTS = new Set([8, 128]), REPLIES = new Set([0, 129]);
/** An answer that fits no request waits so long for its request's event, which may come later. */
const HOLD_US = 500_000;
/** So many exchanges keep the packets of what went well. */
const MOST_PACKETS = 10_000;
/** So many bytes are compared of answers that begin with what nobody can foretell: 64 less the longest stamp. */
const PART_BYTES = 32;

/**
 * Pairs requests (up) with their answers (down), for UDP and ICMP echo. Feed it the events in the
 * order they come; each call returns what has become known by it.
 */
export class Exchanges {
  #options: Required<Pick<ExchangesOptions, "timeoutMs" | "graceMs">> & ExchangesOptions;
  #reassembly = new Reassembly();
  #numbering: Numbering;
  #flows = new Map<string, Flow>();
  #entries: Entry[] = [];
  /** Not settled yet, in order of becoming known. */
  #open = new Set<Entry>();
  /** Settled, but their number is not known yet. */
  #unnumbered: Entry[] = [];
  #holding = new Set<Flow>();
  #notices: ExchangeNotice[] = [];
  #now = 0;

  constructor(options: ExchangesOptions = {}) {
    this.#options = { timeoutMs: 1000, graceMs: 1000, ...options };
    const { after = 0, client } = options;
    this.#numbering = new Numbering({ after, shared: client !== undefined });
  }

  /** Every exchange so far by its number; those without one yet come last. */
  get exchanges(): Exchange[] {
    return this.#entries.map((entry) => entry.exchange)
      .sort((a, b) => (a.number || Infinity) - (b.number || Infinity) || a.sent_us - b.sent_us);
  }

  /** Takes an event; of other kinds than `packet` only the time counts. */
  push(event: LinkEvent): ExchangeNotice[] {
    if (event.ev === "packet") {
      const ours = this.#isOurs(event);
      if (event.dir === "up") this.#numbering.see(event.n, ours && beginsRequest(event));
      const datagram = ours ? this.#reassembly.push(event) : null;
      if (datagram) this.#take(datagram);
      this.#now = Math.max(this.#now, event.t_us, ...event.copies.map((copy) => copy.at_us));
    }
    return this.advance("t_us" in event ? event.t_us : 0);
  }

  #isOurs(packet: PacketEvent): boolean {
    const { client } = this.#options;
    if (client === undefined) return true;
    return splitPort(packet.dir === "up" ? packet.src : packet.dst).address === client;
  }

  /** Says that time has passed, in microseconds since `begin`: requests run out of their time. */
  advance(nowUs: number): ExchangeNotice[] {
    this.#now = Math.max(this.#now, nowUs);
    const limit = this.#now - (this.#options.timeoutMs + this.#options.graceMs) * 1000;
    for (const entry of this.#open) {
      if (entry.exchange.sent_us > limit) break;
      this.#settle(entry, entry.without);
    }
    for (const flow of this.#holding) {
      this.#release(flow, (answer) => answer.t_us < this.#now - HOLD_US);
    }
    this.#number(false);
    return this.#drain();
  }

  /** Settles what is left: no more events come. */
  finish(): ExchangeNotice[] {
    for (const datagram of this.#reassembly.flush()) this.#take(datagram);
    for (const flow of this.#holding) this.#release(flow, () => true);
    for (const entry of this.#open) this.#settle(entry, entry.without);
    this.#number(true);
    return this.#drain();
  }

  #drain(): ExchangeNotice[] {
    const notices = this.#notices;
    this.#notices = [];
    return notices;
  }

  #take(datagram: Datagram): void {
    const { dir, proto, icmp } = datagram;
    if (proto === "tcp") return;
    const types = dir === "up" ? REQUESTS : REPLIES;
    if (proto === "icmp" && !(icmp && types.has(icmp.type))) return;
    const [client, server] = dir === "up"
      ? [datagram.src, datagram.dst]
      : [datagram.dst, datagram.src];
    const name = `${proto} ${client} ${server}`;
    let flow = this.#flows.get(name);
    if (!flow) this.#flows.set(name, flow = new Flow());
    if (dir === "up") this.#takeRequest(datagram, flow, proto);
    else this.#takeAnswer(datagram, flow);
  }

  #takeRequest(request: Datagram, flow: Flow, proto: "udp" | "icmp"): void {
    const exchange: Exchange = {
      number: 0,
      client: request.src,
      server: request.dst,
      proto,
      bytes: request.bytes,
      sent_us: request.t_us,
      outcome: null,
      cause: request.cause,
      rtt_us: null,
      late: false,
      reordered: false,
      requests_arrived: request.arrivals.length,
      answers_arrived: 0,
      packets: [...request.packets],
    };
    const entry: Entry = {
      exchange,
      key: this.#expected(request),
      n: request.n,
      arrivals: request.arrivals,
      answers: 0,
      without: "unanswered",
      untold: [],
    };
    this.#entries.push(entry);
    this.#open.add(entry);
    if (request.arrivals.length === 0) {
      this.#settle(entry, request.damaged ? "corrupted_up" : "lost_up");
      return;
    }
    exchange.cause = null; // a part may be lost of which another copy arrived
    flow.add(entry);
    const held = flow.held;
    flow.held = [];
    for (const answer of held) this.#takeAnswer(answer, flow);
  }

  #takeAnswer(answer: Datagram, flow: Flow): void {
    const entry = flow.match(answer, this.#key(answer, () => this.#found(answer)));
    if (entry) this.#answer(entry, answer, flow);
    else {
      flow.held.push(answer);
      this.#holding.add(flow);
    }
  }

  /** Gives up on answers that fit no request: each goes to the oldest that has none. */
  #release(flow: Flow, ripe: (answer: Datagram) => boolean): void {
    const held = flow.held;
    flow.held = held.filter((answer) => !ripe(answer));
    if (flow.held.length === 0) this.#holding.delete(flow);
    for (const answer of held.filter(ripe)) {
      const entry = flow.oldestUnanswered(answer);
      if (entry) this.#answer(entry, answer, flow);
      else this.#notices.push({ kind: "stray", datagram: answer });
    }
  }

  #answer(entry: Entry, answer: Datagram, flow: Flow): void {
    const { exchange } = entry;
    entry.answers++;
    exchange.packets.push(...answer.packets);
    if (answer.arrivals.length > 0) return this.#arrive(entry, answer.arrivals, flow);
    if (exchange.outcome === "answered") return;
    exchange.cause = answer.cause;
    entry.without = answer.damaged ? "corrupted_down" : "lost_down";
    // Doubled on its way, a request has more than one answer: wait for the others.
    if (entry.answers >= entry.arrivals.length) this.#settle(entry, entry.without);
  }

  #arrive(entry: Entry, arrivals: readonly number[], flow: Flow): void {
    const { exchange } = entry;
    const trips = arrivals.map((at) => at - exchange.sent_us);
    exchange.answers_arrived += trips.length;
    if (exchange.rtt_us === null) {
      exchange.rtt_us = trips.shift()!;
      exchange.late = exchange.rtt_us > this.#options.timeoutMs * 1000;
      exchange.cause = null;
      for (const overtaken of flow.arrived(entry, arrivals[0]!)) {
        overtaken.exchange.reordered = true;
        if (overtaken !== entry) this.#tell(overtaken, "overtaken");
      }
      this.#settle(entry, "answered");
    } else if (trips[0]! < exchange.rtt_us) {
      // Told in the wrong order: the link writes a packet down when its last copy has left.
      [exchange.rtt_us, trips[0]] = [trips[0]!, exchange.rtt_us];
      exchange.late = exchange.rtt_us > this.#options.timeoutMs * 1000;
    }
    entry.untold.push(...trips);
    if (exchange.number > 0) this.#tellDuplicates(entry);
  }

  #settle(entry: Entry, outcome: ExchangeOutcome): void {
    const { exchange } = entry;
    const before = exchange.outcome;
    exchange.outcome = outcome;
    this.#open.delete(entry);
    if (before === null) this.#unnumbered.push(entry);
    else if (outcome === "answered") this.#tell(entry, "answered_after_all");
    this.#spare(exchange);
    this.#number(false);
  }

  #tell(entry: Entry, kind: "answered_after_all" | "overtaken"): void {
    // Without a number it has not been told at all yet, and will be as it is now.
    if (entry.exchange.number > 0) this.#notices.push({ kind, exchange: entry.exchange });
  }

  #number(now: boolean): void {
    if (this.#unnumbered.length === 0) return;
    this.#unnumbered = this.#unnumbered.filter((entry) => {
      const number = this.#numbering.numberOf(entry.n, now);
      if (number === null) return true;
      entry.exchange.number = number;
      this.#notices.push({ kind: "settled", exchange: entry.exchange });
      this.#tellDuplicates(entry);
      return false;
    });
  }

  #tellDuplicates({ exchange, untold }: Entry): void {
    for (const rtt_us of untold.splice(0)) {
      this.#notices.push({ kind: "duplicate", exchange, rtt_us });
    }
  }

  /** In long runs the packets of what went well are forgotten, to save memory. */
  #spare(exchange: Exchange): void {
    if (this.#entries.length > MOST_PACKETS && exchange.outcome === "answered") {
      exchange.packets = [];
    }
  }

  /** What the answer to this request looks like. */
  #expected(request: Datagram): string {
    return this.#key(request, () => {
      const { answerHead, answerPart } = this.#options;
      if (!answerHead) return "";
      const head = answerHead(decodeBase64(request.head));
      return encodeBase64(answerPart ? head.subarray(0, PART_BYTES) : head);
    });
  }

  /** What this answer looks like. */
  #found(answer: Datagram): string {
    const { answerHead, answerPart } = this.#options;
    if (!answerHead) return "";
    if (!answerPart) return answer.head;
    return encodeBase64(answerPart(decodeBase64(answer.head)).subarray(0, PART_BYTES));
  }

  #key({ icmp }: Datagram, head: () => string): string {
    return icmp ? `${icmp.id} ${icmp.seq}` : head();
  }
}

/** Whether a packet that goes up can be the first of a request. */
function beginsRequest(packet: LinkEvent & { ev: "packet" }): boolean {
  if (packet.proto === "tcp" || (packet.fragment?.offset ?? 0) > 0) return false;
  return packet.proto === "udp" || REQUESTS.has(packet.icmp?.type ?? -1);
}
