/**
 * Packets that came and whose fate is not settled: in the order of their coming, and to be found by their bytes.
 */
import { packetLength, packetWord, type SeenFrame, wordsOf } from "./seen_frame.ts";

/** A packet that came. */
export class PendingPacket {
  /** The frame's words, from two bytes before the Ethernet header. */
  words = new Int32Array(0);
  /** The IP packet in the same memory, with what may lie behind it. */
  packet: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  /** Bytes of the frame. */
  length = 0;
  /** Bytes of the IP packet. */
  packetLength = 0;
  hash = 0;
  /** Its number in its direction. */
  n = 0;
  /** When it came. */
  time = 0;
  /** Copies that the model says will leave; -1 where nobody knows. */
  expected = -1;
  /** Copies that have left. */
  left = 0;
  /** Of the model: when the copy that leaves first does so, when the other, and whether each is damaged. */
  readonly at: [number, number] = [0, 0];
  readonly damaged: [boolean, boolean] = [false, false];
  /** Which of the two have left, as bits. */
  gone = 0;
  /** As a record has it: the cause of its loss, should it be lost. */
  cause = 0;
  /** As a record has it. */
  flags = 0;
  /** Whether it was recorded as having come: what becomes of it is recorded only then. */
  told = false;
  older: PendingPacket | null = null;
  newer: PendingPacket | null = null;
  alike: PendingPacket | null = null;
}

/** All that are pending in one queue. */
export class PendingPackets {
  oldest: PendingPacket | null = null;
  newest: PendingPacket | null = null;
  size = 0;
  readonly #first: (PendingPacket | null)[];
  readonly #last: (PendingPacket | null)[];
  readonly #pool: PacketPool;

  constructor(pool: PacketPool, buckets = 1024) {
    this.#pool = pool;
    this.#first = new Array<PendingPacket | null>(buckets).fill(null);
    this.#last = new Array<PendingPacket | null>(buckets).fill(null);
  }

  /** Keeps a frame as the newest. */
  add(frame: SeenFrame, hash: number): PendingPacket {
    const packet = this.#pool.take(frame);
    packet.hash = hash;
    packet.older = this.newest;
    if (this.newest === null) this.oldest = packet;
    else this.newest.newer = packet;
    this.newest = packet;
    const bucket = this.#bucket(hash), last = this.#last[bucket]!;
    if (last === null) this.#first[bucket] = packet;
    else last.alike = packet;
    this.#last[bucket] = packet;
    this.size++;
    return packet;
  }

  /** The oldest of those that share a bucket with this number; the others follow by `alike`. */
  sharing(hash: number): PendingPacket | null {
    return this.#first[this.#bucket(hash)]!;
  }

  /** Forgets a packet; nobody may use it from here on. */
  remove(packet: PendingPacket): void {
    if (packet.older === null) this.oldest = packet.newer;
    else packet.older.newer = packet.newer;
    if (packet.newer === null) this.newest = packet.older;
    else packet.newer.older = packet.older;
    const bucket = this.#bucket(packet.hash);
    let before: PendingPacket | null = null, at: PendingPacket | null = this.#first[bucket]!;
    while (at !== packet) {
      before = at;
      at = at!.alike;
    }
    if (before === null) this.#first[bucket] = packet.alike;
    else before.alike = packet.alike;
    if (this.#last[bucket] === packet) this.#last[bucket] = before;
    packet.older = packet.newer = packet.alike = null;
    this.size--;
    this.#pool.give(packet);
  }

  #bucket(hash: number): number {
    return hash & (this.#first.length - 1);
  }
}

/** Room for frames, never given back; all of one size. */
export class PacketPool {
  readonly #words: number;
  readonly #free: PendingPacket[] = [];

  /** @param most Bytes of the largest frame. */
  constructor(most: number) {
    this.#words = wordsOf(most) + 1;
  }

  /** A packet that has just come. */
  take(frame: SeenFrame): PendingPacket {
    const packet = this.#free.pop() ?? this.#make();
    const from = frame.words, first = frame.first, to = packet.words;
    const count = Math.min(wordsOf(frame.length), this.#words);
    for (let i = 0; i < count; i++) to[i] = from[first + i]!;
    packet.length = frame.length;
    packet.packetLength = packetLength(frame);
    packet.time = frame.time;
    packet.expected = -1;
    packet.left =
      packet.gone =
      packet.cause =
      packet.flags =
        0;
    packet.told = false;
    return packet;
  }

  give(packet: PendingPacket): void {
    this.#free.push(packet);
  }

  #make(): PendingPacket {
    const packet = new PendingPacket();
    packet.words = new Int32Array(this.#words);
    packet.packet = new Uint8Array(packet.words.buffer, packetWord * 4);
    return packet;
  }
}
