/**
 * From the driver's records to events and captures: holds each packet until its last copy has left, then tells.
 */
import {
  type BeginEvent,
  type Cause,
  describePacket,
  type Direction,
  type LinkEvent,
  markCongestion,
  type PacketEvent,
  pcapRecord,
} from "../packet/mod.ts";
import { openCopies, RecordCause, RecordFlag, RecordType, type RingRecord } from "./ring.ts";
import { Bit } from "./tc/difference.ts";

/** Bytes kept of a packet for its event alone: headers with all options, and 64 of payload. */
const keepForEvents = 192;
/** Bytes kept for a capture. */
const keepForCapture = 65535;

/** A capture keeps packets whole up to this many bytes a run, then their headers: disks and memory are finite. */
export const captureBudget = 32 * 1024 * 1024;

const causes: Readonly<Record<number, Cause>> = {
  [RecordCause.loss]: "loss",
  [RecordCause.script]: "script",
  [RecordCause.limit]: "limit",
  [RecordCause.end]: "end",
};

interface Pending {
  event: PacketEvent;
  bytes: Uint8Array<ArrayBuffer>;
  awaited: number;
}

/** Where a recorder's output goes. */
export interface RecorderSinks {
  event: (event: LinkEvent) => void;
  capture: (side: "client" | "server", bytes: Uint8Array) => void;
}

/** Which of them anybody listens to. */
export interface RecorderInterest {
  events: boolean;
  captures: boolean;
}

/** Turns records into events and pcap records. */
export class Recorder {
  readonly #sinks: RecorderSinks;
  readonly #pending: [Map<number, Pending>, Map<number, Pending>] = [new Map(), new Map()];
  #captured = 0;
  #startedUs = 0;
  #next: BeginEvent | null = null;
  #captures = false;
  #running = false;

  constructor(sinks: RecorderSinks) {
    this.#sinks = sinks;
  }

  /** The run that the driver's next `begin` record begins: the event is told then, before any of its packets. */
  expect(run: BeginEvent): void {
    this.#next = run;
  }

  /** Nothing is awaited of the run before. */
  #begin(): void {
    const run = this.#next;
    if (run === null) return;
    this.#running = true;
    this.#pending.forEach((map) => map.clear());
    this.#captured = 0;
    this.#startedUs = Date.parse(run.started) * 1000;
    this.#sinks.event(run);
  }

  /** How many bytes of each packet the driver should keep. */
  keepFor(interest: RecorderInterest): number {
    this.#captures = interest.captures;
    if (interest.captures && this.#captured < captureBudget) return keepForCapture;
    return interest.events || interest.captures ? keepForEvents : 0;
  }

  /** The run is over: what passes until the next begins is no run's. */
  finish(): void {
    this.#running = false;
  }

  /** Takes the next record. */
  record(record: RingRecord): void {
    if (!this.#running && record.type !== RecordType.begin) return;
    switch (record.type) {
      case RecordType.begin:
        return this.#begin();
      case RecordType.packet:
        return this.#packet(record);
      case RecordType.copy:
        return this.#copy(record);
      case RecordType.drop:
        return this.#drop(record);
      case RecordType.fate:
        return this.#fate(record);
    }
  }

  #packet(record: RingRecord): void {
    const dir: Direction = record.direction === 0 ? "up" : "down";
    const t_us = toMicroseconds(record.time);
    const cause = causes[record.cause];
    const described = describePacket(record.data, 0, record.data.length);
    if (described === null) return;
    const event: PacketEvent = {
      v: 1,
      ev: "packet",
      n: record.n,
      dir,
      t_us,
      ...described,
      fate: record.copies === 0 ? "lost" : record.copies > 1 ? "duplicated" : "delivered",
      copies: [],
    };
    if (cause !== undefined) event.cause = cause;
    if (record.flags & RecordFlag.reordered) event.reordered = true;
    if (record.flags & RecordFlag.marked) event.marked = true;
    if (this.#captures) {
      this.#capture(dir === "up" ? "client" : "server", t_us, record.data, record.length);
    }
    if (record.copies === 0) return this.#sinks.event(event);
    this.#pending[record.direction]!.set(record.n, {
      event,
      bytes: record.data,
      awaited: record.copies === openCopies ? Infinity : record.copies,
    });
  }

  #copy(record: RingRecord): void {
    const pending = this.#pending[record.direction]!.get(record.n);
    if (pending === undefined) return;
    const corrupted = (record.flags & RecordFlag.corrupted) !== 0;
    const at_us = toMicroseconds(record.time);
    const harmless = corrupted && isHarmless(pending.event.dir, record.cause);
    pending.event.copies.push({ at_us, corrupted, ...(harmless && { harmless }) });
    if (this.#captures) {
      const marked = (record.flags & RecordFlag.marked) !== 0;
      const bytes = corrupted || marked ? pending.bytes.slice() : pending.bytes;
      if (marked) markCongestion(bytes, 0);
      if (corrupted && record.cause >> 3 < bytes.length) {
        bytes[record.cause >> 3]! ^= 1 << (record.cause & 7);
      }
      this.#capture(pending.event.dir === "up" ? "server" : "client", at_us, bytes, record.length);
    }
    this.#settle(record, pending);
  }

  #drop(record: RingRecord): void {
    const pending = this.#pending[record.direction]!.get(record.n);
    if (pending === undefined) return;
    pending.event.cause = "end";
    this.#settle(record, pending);
  }

  #fate(record: RingRecord): void {
    const pending = this.#pending[record.direction]!.get(record.n);
    if (pending === undefined) return;
    const { event } = pending, cause = causes[record.cause];
    if (cause !== undefined) event.cause = cause;
    if (record.flags & RecordFlag.reordered) event.reordered = true;
    if (record.flags & RecordFlag.marked) event.marked = true;
    pending.awaited = 0;
    this.#settle(record, pending);
  }

  #settle(record: RingRecord, pending: Pending): void {
    if (--pending.awaited > 0) return;
    this.#pending[record.direction]!.delete(record.n);
    const { event } = pending;
    if (event.copies.length === 0) event.fate = "lost";
    else event.fate = event.copies.length === 1 ? "delivered" : "duplicated";
    this.#sinks.event(event);
  }

  #capture(
    side: "client" | "server",
    t_us: number,
    bytes: Uint8Array<ArrayBuffer>,
    length: number,
  ): void {
    this.#captured += bytes.length;
    const timeUs = this.#startedUs + t_us;
    this.#sinks.capture(side, pcapRecord({ timeUs, bytes, originalLength: length }));
  }
}

function toMicroseconds(ns: number): number {
  return Math.round(ns / 1000);
}

/**
 * Whether a bit that is flipped outside the IP packet changes nothing for its receiver: towards the server the Ethernet
 * header has been read, on the way back only the sender's address is nobody's business.
 */
function isHarmless(dir: Direction, bit: number): boolean {
  return bit === Bit.sender || (bit === Bit.ethernet && dir === "up");
}
