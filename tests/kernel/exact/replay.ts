/**
 * Has the model do what the kernel was recorded to do, step by step: packets come when they came there, and the queue is
 * looked at when the kernel looked. So nothing hangs on how long anything took, and each value can be compared.
 */
import {
  type DistributionTables,
  Netem,
  NetemCause,
  parseProfile,
} from "../../../src/netem/mod.ts";
import { Did } from "./did.ts";
import { bytesOf, type Case, markableOf, type Recording } from "./recording.ts";

/** A copy that left, and the time in the link that was drawn for it: ns. */
export interface Copy {
  delay: number;
  corrupted: boolean;
  marked: boolean;
}

/** One side of the comparison. */
export interface Side {
  /** For packet n at n - 1: its copies, in the order of leaving. */
  packets: Copy[][];
  /** For packet n at n - 1: why no copy of it left, "" where one did. */
  causes: ("" | "loss" | "limit")[];
  /** Each copy that left, in that order: the packet's number, and the time it was given. */
  order: { n: number; due: number }[];
}

/** What came of a replay. */
export interface Replay {
  kernel: Side;
  model: Side;
  /** When each copy left beyond the time that it was given, ns. */
  late: number[];
}

/** The kernel's answer to a packet lost by chance, and to one that found the queue full. */
const LOST = 0x20000, FULL = 1;

/** Decodes a recording's arrays. */
function decode(recording: Recording): { did: Float64Array; left: Int32Array } {
  return {
    did: new Float64Array(Uint8Array.fromBase64(recording.did).buffer),
    left: new Int32Array(Uint8Array.fromBase64(recording.left).buffer),
  };
}

/** Runs a case's recording through the model. @throws {Error} where the recording contradicts itself. */
export function replay(of: Case, recording: Recording, tables: DistributionTables): Replay {
  const { did, left } = decode(recording);
  const leaves = did.filter((kind, at) => at % 2 === 0 && kind === Did.leaves).length;
  if (leaves * 3 !== left.length) {
    throw new Error(`${of.name}: ${leaves} copies left by the trace, ${left.length / 3} were seen`);
  }
  const kernel: Side = { packets: [], causes: [], order: [] };
  const model: Side = { packets: [], causes: [], order: [] };
  const late: number[] = [];
  const cameAt: { original: number; duplicate: number; model: number }[] = [];
  const coming: { at: number; duplicate: number }[] = [];
  const changes: { before: number; profile: string }[] = [];
  let total = 0;
  for (const sending of of.sendings) {
    changes.push({ before: total, profile: sending.netem });
    total += sending.packets;
  }
  const netem = new Netem(parseProfile(changes.shift()!.profile), { tables });
  netem.looks = false;
  let now = 0;
  let n = 0;
  let leftCount = 0;

  /** The model gives its next copy, if one is due. */
  const modelLeaves = (at: number) => {
    const number = netem.dequeue(at);
    if (number < 0) return;
    const { outDue: due, outCopyIndex, outCorruptBit, outMarked: marked } = netem;
    const came = cameAt[number - 1]!;
    const own = outCopyIndex === 1 ? came.duplicate : came.original;
    const delay = due - (own >= 0 ? own : came.model);
    model.packets[number - 1]!.push({ delay, corrupted: outCorruptBit >= 0, marked });
    model.order.push({ n: number, due });
  };

  const arrive = (original: number, duplicate: number, answer: number) => {
    if (changes[0]?.before === n) {
      netem.change(parseProfile(changes.shift()!.profile), { tables });
    }
    n++;
    if (original >= 0) now = original;
    else if (duplicate >= 0) now = duplicate;
    cameAt.push({ original, duplicate, model: now });
    kernel.packets.push([]);
    model.packets.push([]);
    netem.duplicateAt = duplicate >= 0 ? duplicate : now;
    const copies = netem.enqueue(n, bytesOf(of, n), now, markableOf(of, n));
    model.causes.push(
      copies > 0 ? "" : netem.lastCause === NetemCause.limit ? "limit" : "loss",
    );
    const admitted = (original >= 0 ? 1 : 0) + (duplicate >= 0 ? 1 : 0);
    if (admitted === 0 && answer !== LOST && answer !== FULL) {
      throw new Error(`${of.name}: packet ${n} was answered with ${answer}`);
    }
    kernel.causes.push(admitted > 0 ? "" : answer === FULL ? "limit" : "loss");
  };

  const leave = (due: number) => {
    const [number, flipped, marked] = left.subarray(leftCount * 3, ++leftCount * 3);
    const came = cameAt[number! - 1];
    if (came === undefined) throw new Error(`${of.name}: a frame ${number} left that never came`);
    const at = came.original >= 0 ? came.original : came.duplicate;
    kernel.packets[number! - 1]!.push({
      delay: due - at,
      corrupted: flipped! > 0,
      marked: marked === 1,
    });
    if (flipped! > 1) throw new Error(`${of.name}: ${flipped} bits of frame ${number} are flipped`);
    kernel.order.push({ n: number!, due });
    late.push(now - due);
  };

  for (let at = 0; at < did.length; at += 2) {
    const value = did[at + 1]!;
    switch (did[at]) {
      case Did.comes:
        coming.push({ at: -1, duplicate: -1 });
        break;
      case Did.cameAt:
        coming.at(-1)!.at = value;
        break;
      case Did.answered: {
        const packet = coming.pop()!;
        const original = coming.at(-1);
        if (original === undefined) arrive(packet.at, packet.duplicate, value);
        else original.duplicate = packet.at;
        break;
      }
      case Did.lookedAt: {
        now = value;
        modelLeaves(now);
        if (did[at + 2] === Did.leaves) {
          at += 2;
          leave(did[at + 1]!);
        }
        break;
      }
      case Did.leaves:
        // What overtook all others leaves without a look at the queue.
        modelLeaves(now);
        leave(value);
        break;
    }
  }
  if (n !== total) throw new Error(`${of.name}: ${n} packets came, ${total} were sent`);
  for (let at = netem.nextAt(); at < Infinity; at = netem.nextAt()) modelLeaves(Math.max(at, now));
  cameAt.forEach((came, index) => tellCopies(kernel.packets[index]!, came, model.packets[index]!));
  return { kernel, model, late };
}

/**
 * Two copies that left look alike. One was given its time by the clock of the duplicate, which was read earlier: the one
 * with which both delays are the model's, if any.
 */
function tellCopies(
  copies: Copy[],
  came: { original: number; duplicate: number },
  foretold: readonly Copy[],
): void {
  if (copies.length !== 2 || came.original < 0 || came.duplicate < 0) return;
  const earlier = came.original - came.duplicate;
  const wanted = foretold.map((copy) => copy.delay);
  // Both in line behind others, on a wire of some rate: no clock is in their times.
  if (copies.every((copy) => wanted.includes(copy.delay))) return;
  const fits = copies.find((copy, index) => {
    const other = copies[1 - index]!.delay;
    return wanted.includes(copy.delay + earlier) && wanted.includes(other);
  });
  (fits ?? copies[0]!).delay += earlier;
}
