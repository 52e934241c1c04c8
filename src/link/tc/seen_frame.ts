/**
 * A frame as a tap has it: an Ethernet header in a ring that the kernel writes to, with words that can be compared fast.
 */
import { foldChecksum, Layout, pseudoHeaderSum, sumWords } from "../../packet/mod.ts";

/** Bytes of an Ethernet header. */
export const ethernet = 14;
/** Words before the packet: two bytes of nothing, then the Ethernet header. */
export const packetWord = 4;

const tcp = 6, udp = 17;

/** One frame, in memory that is read in words: its packet begins {@linkcode packetWord} words after `first`. */
export interface SeenFrame {
  words: Int32Array;
  /** The same memory. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Where it begins, in words: two bytes before the Ethernet header. */
  first: number;
  /** Bytes with the Ethernet header, as netem counts them. */
  length: number;
  /** When the tap saw it, in nanoseconds of the watch's clock. */
  time: number;
}

/** Words from `first` on that hold the frame. */
export function wordsOf(length: number): number {
  return (length + 2 + 3) >> 2;
}

/** Clears what lies behind the frame in its last word, so that words compare as bytes do. */
export function clearTail({ bytes, first, length }: SeenFrame): void {
  const end = first * 4 + 2 + length;
  for (let at = end; (at & 3) !== 0; at++) bytes[at] = 0;
}

/** Bytes of the IP packet by its header; at most what the frame holds. */
export function packetLength({ bytes, first, length }: SeenFrame): number {
  const at = (first + packetWord) * 4, held = length - ethernet;
  const said = bytes[at]! >> 4 === 6
    ? 40 + ((bytes[at + 4]! << 8) | bytes[at + 5]!)
    : (bytes[at + 2]! << 8) | bytes[at + 3]!;
  return said > 0 && said < held ? said : held;
}

/**
 * A number that equal packets share, and so do a packet and the same with an ECN mark: the mark and IPv4's checksum,
 * which goes with it, are left out.
 */
export function hashOf({ words, first, length }: SeenFrame): number {
  const from = first + packetWord, to = first + wordsOf(length);
  const six = (words[from]! & 0xf0) === 0x60;
  let hash = (length * 0x9e3779b1) | 0;
  hash = mix(hash, words[from]! & (six ? ~0x3000 : ~0x300));
  hash = mix(hash, words[from + 1]!);
  hash = mix(hash, six ? words[from + 2]! : words[from + 2]! & 0xffff);
  for (let at = from + 3; at < to; at++) hash = mix(hash, words[at]!);
  return hash ^ (hash >>> 16);
}

function mix(hash: number, word: number): number {
  return Math.imul(((hash << 5) | (hash >>> 27)) ^ word, 0x9e3779b1);
}

/** Whether its sender would understand a congestion mark, or somebody has set one already. */
export function speaksEcn({ bytes, first }: SeenFrame): boolean {
  const at = (first + packetWord) * 4;
  return (bytes[at]! >> 4 === 6 ? bytes[at + 1]! & 0x30 : bytes[at + 1]! & 3) !== 0;
}

const layout = new Layout();

/**
 * Completes the transport's checksum where the sender left that to a network card, as the kernel does in software: a sum
 * of 0 is written as all ones, whatever the protocol.
 */
export function finishChecksum({ bytes, first, length }: SeenFrame): void {
  const start = (first + packetWord) * 4;
  if (!layout.read(bytes, start, length - ethernet) || layout.fragmentOffset > 0) return;
  const { protocol, transport, transportHeld } = layout;
  const field = transport + (protocol === tcp ? 16 : 6);
  if ((protocol !== tcp && protocol !== udp) || field + 2 > transport + transportHeld) return;
  bytes[field] = bytes[field + 1] = 0;
  const pseudo = pseudoHeaderSum(bytes, start, { protocol, length: transportHeld });
  const sum = foldChecksum(sumWords(bytes, transport, transportHeld, pseudo)) || 0xffff;
  bytes[field] = sum >> 8;
  bytes[field + 1] = sum & 0xff;
}
