/**
 * A kernel's netem in virtual time with taps before and behind it, for tests: what it did with each packet is known.
 */
import { Netem, NetemCause, type Profile } from "../../netem/mod.ts";
import { markCongestion } from "../../packet/mod.ts";
import { clearTail, ethernet, finishChecksum, hashOf, type SeenFrame } from "./seen_frame.ts";

/** What became of a packet. */
export interface Truth {
  lost: boolean;
  /** Copies that left, and how many of them damaged. */
  copies: number;
  damaged: number;
  cause: number;
  reordered: boolean;
}

/** Who watches. */
export interface Taps {
  came(frame: SeenFrame, hash: number): void;
  left(frame: SeenFrame, hash: number): void;
  /** All that was seen before `now` is known. */
  tick(now: number): void;
}

/** A frame of an IP packet, as a tap has it. */
export function frameOf(packet: Uint8Array, time: number, at = 3): SeenFrame {
  const bytes = new Uint8Array(((at + 5) * 4 + packet.length + 7) & ~3).fill(0xee);
  bytes.set([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, packet[0]! >> 4 === 6 ? 0x86 : 8, 0], at * 4 + 2);
  bytes.set(packet, at * 4 + 2 + ethernet);
  const words = new Int32Array(bytes.buffer);
  const frame = { words, bytes, first: at, length: packet.length + ethernet, time };
  clearTail(frame);
  return frame;
}

/** One direction. */
export class MadeUpKernel {
  readonly truth: Truth[] = [];
  readonly #model: Netem;
  readonly #taps: Taps;
  readonly #random: () => number;
  readonly #packets: Uint8Array[] = [];
  #now = 1e9;

  /** @param random Between 0 and 1. */
  constructor(profile: Profile, taps: Taps, random: () => number) {
    this.#model = new Netem(profile);
    this.#taps = taps;
    this.#random = random;
  }

  /** Lets time pass. */
  pass(ns: number): void {
    const until = this.#now + ns;
    for (let at = this.#model.nextAt(); at <= until; at = this.#model.nextAt()) {
      this.#now = Math.max(this.#now, at);
      this.#dequeue();
    }
    this.#now = until;
    this.#taps.tick(until);
  }

  /** A packet comes: the tap sees it a little before netem looks at the clock. */
  send(packet: Uint8Array): void {
    const tapped = this.#now;
    this.#now += this.#random() * 5000;
    this.#packets.push(packet);
    const frame = frameOf(packet, tapped);
    const ect = (packet[0]! >> 4 === 6 ? packet[1]! & 0x30 : packet[1]! & 3) !== 0;
    this.#taps.came(frame, hashOf(frame));
    const model = this.#model;
    const copies = model.enqueue(this.truth.length, frame.length, this.#now, ect);
    this.truth.push({
      lost: copies === 0,
      copies: 0,
      damaged: 0,
      cause: copies === 0 ? model.lastCause : NetemCause.none,
      reordered: model.lastReordered,
    });
    while (model.nextAt() <= this.#now) this.#dequeue();
  }

  #dequeue(): void {
    const model = this.#model;
    const token = model.dequeue(this.#now);
    if (token < 0) return;
    const packet = this.#packets[token]!.slice(), truth = this.truth[token]!;
    truth.copies++;
    if (model.outMarked) markCongestion(packet, 0);
    this.#now += this.#random() * 1000;
    const frame = frameOf(packet, this.#now, 1);
    if (model.outCorruptBit >= 0) {
      truth.damaged++;
      finishChecksum(frame);
      const bit = Math.floor(this.#random() * frame.length * 8);
      frame.bytes[frame.first * 4 + 2 + (bit >> 3)]! ^= 1 << (bit & 7);
    }
    this.#taps.left(frame, hashOf(frame));
  }
}
