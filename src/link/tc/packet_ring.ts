/**
 * A socket that sees all that the tc driver watches, in one order: a ring that the kernel writes frames to, shared with
 * this process (packet(7), PACKET_RX_RING). Reading it takes no system call, and its memory is not the socket's.
 */
import { AdvisedError } from "../advised_error.ts";
import { errno, type Libc } from "../libc.ts";
import { sentinelProtocol } from "./names.ts";
import { clearTail, finishChecksum, type SeenFrame } from "./seen_frame.ts";
import { openRingCalls, pointerTo, type RingCalls } from "./ring_calls.ts";

const AF_PACKET = 17, SOCK_RAW = 3, SOCK_CLOEXEC = 0x80000, SOCK_NONBLOCK = 0x800;
const SOL_SOCKET = 1, SO_ATTACH_FILTER = 26, SOL_PACKET = 263;
const PACKET_RX_RING = 5, PACKET_STATISTICS = 6, PACKET_VERSION = 10, TPACKET_V2 = 1;
const PROT_READ_WRITE = 3, MAP_SHARED = 1;
const ETH_P_ALL = 3;
/** Bits of a frame's status: ours to read, records were lost before it, its checksum is left to a network card. */
const USER = 1, LOSING = 4, CSUM_NOT_READY = 8;
/** Of struct tpacket2_hdr and the sockaddr_ll behind it, in words. */
const wordLength = 1, wordSnapped = 2, wordOffsets = 3, wordSeconds = 4, wordNanoseconds = 5;
const wordInterface = 9;
/** Bytes of header, address and alignment before a frame's IP packet. */
const headroom = 96;
/** Frames that fit: of 20,000 packets a second, each seen twice, those of 200 ms. */
const frames = 8192;
const blockBytes = 1 << 18;
/** Where frames are large, fewer fit. */
const ringBytes = 1 << 24;

/** The instructions of a classic BPF program that lets pass what leaves by one of these interfaces. */
export function leavingBy(interfaces: readonly number[]): Uint16Array<ArrayBuffer> {
  const load = 0x20, jumpIfEqual = 0x15, answer = 0x06;
  const packetType = 0xfffff004, interfaceIndex = 0xfffff008, outgoing = 4;
  const count = interfaces.length;
  const program: [code: number, then: number, otherwise: number, value: number][] = [
    [load, 0, 0, packetType],
    [jumpIfEqual, 0, count + 1, outgoing],
    [load, 0, 0, interfaceIndex],
    ...interfaces.map((index, i): [number, number, number, number] => [
      jumpIfEqual,
      count - i,
      0,
      index,
    ]),
    [answer, 0, 0, 0],
    [answer, 0, 0, 0xffffffff],
  ];
  return Uint16Array.from(program.flatMap(([code, then, otherwise, value]) => [
    code,
    then | (otherwise << 8),
    value & 0xffff,
    value >>> 16,
  ]));
}

/** The ring. */
export class PacketRing {
  /** To be polled for reading. */
  readonly descriptor: number;
  /** To be polled for errors: one of them has one once its interface is gone. */
  readonly sentinels: readonly number[];
  /** The frame that {@linkcode next} has moved to. */
  readonly frame: SeenFrame;
  /** Where it was seen. */
  interface = 0;
  /** Frames that it can hold. */
  readonly room: number;
  /** Nanoseconds to add to the clock of the day for the caller's clock. */
  offset = 0;
  readonly #libc: Libc;
  readonly #calls: RingCalls;
  #memory: Deno.PointerValue = null;
  #mapped = 0;
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #frameWords: number;
  readonly #baseSeconds: number;
  /** For frames that do not lie where words can be compared. */
  readonly #scratch: SeenFrame;
  /** Every socket: to be closed. */
  readonly #opened: number[] = [];
  readonly #statistics = new Uint32Array(2);
  readonly #statisticsBytes = new Uint8Array(this.#statistics.buffer);
  readonly #statisticsSize = bytesOf(8);
  #at = 0;
  #held = false;
  #losing = false;

  /**
   * @param interfaces Indices of those watched.
   * @param mostBytes Of the largest frame.
   * @param baseSeconds Subtracted from the clock of the day, so that nanoseconds fit a double.
   * @throws {Error} Where a capability or memory is lacking.
   */
  constructor(
    libc: Libc,
    interfaces: readonly number[],
    mostBytes: number,
    baseSeconds: number,
  ) {
    this.#libc = libc;
    this.#calls = openRingCalls();
    this.#baseSeconds = baseSeconds;
    try {
      this.sentinels = interfaces.map((index) => {
        const descriptor = this.#socket();
        this.#bind(descriptor, sentinelProtocol, index);
        return descriptor;
      });
      this.descriptor = this.#socket();
      this.#option(SOL_SOCKET, SO_ATTACH_FILTER, filterOption(leavingBy(interfaces)), "a filter");
      this.#option(SOL_PACKET, PACKET_VERSION, bytesOf(TPACKET_V2), "its version");
      const size = frameSize(mostBytes);
      const total = Math.max(blockBytes, size * Math.min(frames, ringBytes / size));
      this.room = Math.floor(total / size);
      const request = bytesOf(
        Math.max(blockBytes, size),
        Math.floor(total / Math.max(blockBytes, size)),
        size,
        this.room,
      );
      this.#option(SOL_PACKET, PACKET_RX_RING, request, `a ring of ${total >> 20} MB`);
      const at = this.#calls.mmap(
        null,
        BigInt(total),
        PROT_READ_WRITE,
        MAP_SHARED,
        this.descriptor,
        0n,
      );
      if (at === null || Deno.UnsafePointer.value(at) === 0xffffffffffffffffn) {
        throw new AdvisedError("Free some memory", `mapping a ring of ${total >> 20} MB failed`);
      }
      this.#memory = at;
      this.#mapped = total;
      const memory = Deno.UnsafePointerView.getArrayBuffer(at, total);
      this.#words = new Int32Array(memory);
      this.#bytes = new Uint8Array(memory);
      this.#frameWords = size >> 2;
      const scratch = new ArrayBuffer(size);
      const parts = { words: new Int32Array(scratch), bytes: new Uint8Array(scratch) };
      this.#scratch = { ...parts, first: 0, length: 0, time: 0 };
      this.frame = { words: this.#words, bytes: this.#bytes, first: 0, length: 0, time: 0 };
      this.#bind(this.descriptor, ETH_P_ALL, 0);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #socket(): number {
    const descriptor = this.#libc.socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) {
      throw new AdvisedError(
        "Give the link the capability NET_RAW (a container: --cap-add NET_RAW, or cap_add in its compose file)",
        `opening a packet socket failed with errno ${errno(this.#libc)}`,
      );
    }
    this.#opened.push(descriptor);
    return descriptor;
  }

  #option(level: number, name: number, value: Uint8Array<ArrayBuffer>, what: string): void {
    if (this.#libc.setsockopt(this.descriptor, level, name, value, value.length) < 0) {
      throw new AdvisedError(
        "Use --driver tun",
        `giving the packet socket ${what} failed with errno ${errno(this.#libc)}`,
      );
    }
  }

  #bind(descriptor: number, protocol: number, index: number): void {
    // struct sockaddr_ll: family, protocol in network order, interface, and what only the kernel fills in.
    const address = new Uint8Array(20);
    const view = new DataView(address.buffer);
    view.setUint16(0, AF_PACKET, true);
    view.setUint16(2, protocol, false);
    view.setInt32(4, index, true);
    if (this.#calls.bind(descriptor, address, 20) < 0) {
      throw new AdvisedError(
        "Use --driver tun",
        `binding a packet socket failed with errno ${errno(this.#libc)}`,
      );
    }
  }

  /** Moves to the next frame; false where none has come. The one before is the kernel's again. */
  next(): boolean {
    const words = this.#words;
    if (this.#held) {
      Atomics.store(words, this.#at, 0);
      this.#at += this.#frameWords;
      if (this.#at + this.#frameWords > words.length) this.#at = 0;
      this.#held = false;
    }
    const at = this.#at, status = Atomics.load(words, at);
    if ((status & USER) === 0) return false;
    this.#held = true;
    if ((status & LOSING) !== 0) this.#losing = true;
    this.interface = words[at + wordInterface]!;
    this.#place(at);
    const { frame } = this;
    frame.time = (words[at + wordSeconds]! - this.#baseSeconds) * 1e9 +
      words[at + wordNanoseconds]! + this.offset;
    clearTail(frame);
    if ((status & CSUM_NOT_READY) !== 0) finishChecksum(frame);
    return true;
  }

  #place(at: number): void {
    const { frame } = this, words = this.#words;
    const start = at * 4 + (words[at + wordOffsets]! & 0xffff), snapped = words[at + wordSnapped]!;
    frame.length = words[at + wordLength]!;
    if ((start & 3) === 2 && snapped === frame.length) {
      frame.words = words;
      frame.bytes = this.#bytes;
      frame.first = (start - 2) >> 2;
      return;
    }
    const { bytes } = this.#scratch;
    frame.words = this.#scratch.words;
    frame.bytes = bytes;
    frame.first = 0;
    frame.length = Math.min(snapped, bytes.length - 8);
    bytes.set(this.#bytes.subarray(start, start + frame.length), 2);
  }

  /** Lets go of everything; nothing may be read from here on. */
  close(): void {
    if (this.#memory !== null) this.#calls.munmap(this.#memory, BigInt(this.#mapped));
    this.#memory = null;
    this.#opened.splice(0).forEach((descriptor) => this.#libc.close(descriptor));
  }

  /**
   * Records that found no room since this was last asked.
   *
   * @param surely Whether to ask the kernel, even where no record behind them has said that there are any.
   */
  takeMissed(surely: boolean): number {
    if (!surely && !this.#losing) return 0;
    this.#losing = false;
    this.#calls.getsockopt(
      this.descriptor,
      SOL_PACKET,
      PACKET_STATISTICS,
      this.#statisticsBytes,
      this.#statisticsSize,
    );
    return this.#statistics[1]!;
  }
}

/** Bytes of a slot that takes a frame of so many: a power of two, so that slots fill blocks. */
function frameSize(mostBytes: number): number {
  return 1 << (32 - Math.clz32(mostBytes + headroom - 1));
}

function bytesOf(...numbers: number[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Uint32Array.from(numbers).buffer);
}

/** struct sock_fprog: how many instructions of 8 bytes, and where. */
function filterOption(program: Uint16Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const option = new DataView(new ArrayBuffer(16));
  option.setUint16(0, program.length / 4, true);
  option.setBigUint64(8, pointerTo(program), true);
  return new Uint8Array(option.buffer);
}
