/**
 * The loop that moves packets: read, decide, hold, release. It runs in a thread of its own and never yields, because
 * a synchronous poll wakes ten to thirty times more exactly than timers do.
 */
import type { Netem } from "../netem/mod.ts";
import { Frame } from "./frame.ts";
import { type Libc, MonotonicClock } from "./libc.ts";
import { LoopCommands } from "./loop_commands.ts";
import { Mailbox } from "./mailbox.ts";
import { Outlet } from "./outlet.ts";
import { RecordFlag, RecordType, RingWriter } from "./ring.ts";
import type { Slots } from "./slots.ts";
import type { TunDescriptors } from "./tun.ts";
import { down, up, Wire } from "./wire.ts";

/** What the packet thread is given. */
export interface LoopOptions {
  descriptors: TunDescriptors;
  /** An eventfd that the other thread writes to after a command. */
  wakeup: number;
  ring: SharedArrayBuffer;
  mailbox: SharedArrayBuffer;
  /** The server's IPv4 address in 4 bytes: packets from it go down, all others up. */
  server: Uint8Array;
  /** Its IPv6 address in 16 bytes, where it has one. */
  server6?: Uint8Array;
  mtu: number;
}

const POLLIN = 1;
/** Ethernet's header, which netem counts in a packet's length. */
const ethernet = 14;
/** How many packets are read before those that are due leave. */
const burst = 16;

/** The state of the packet thread. */
export class PacketLoop {
  readonly #libc: Libc;
  readonly #clock: MonotonicClock;
  readonly #frame: Frame;
  readonly #wire: Wire;
  readonly #models: readonly [Netem, Netem];
  readonly #slots: Slots;
  readonly #ring: RingWriter;
  readonly #mailbox: Mailbox;
  readonly #commands: LoopCommands;
  readonly #outlet: Outlet;
  readonly #tun: number;
  readonly #wakeup: number;
  readonly #poll = new Int32Array(4);
  readonly #pollBytes = new Uint8Array(this.#poll.buffer);
  readonly #timeout = new Int32Array(4);
  readonly #timeoutBytes = new Uint8Array(this.#timeout.buffer);
  readonly #wakeBytes = new Uint8Array(8);
  /** The time of the packet at hand: a field, for a number passed from call to call may land on the heap. */
  #now = 0;

  constructor(libc: Libc, options: LoopOptions) {
    this.#libc = libc;
    this.#clock = new MonotonicClock(libc);
    this.#frame = new Frame(options.server, options.server6);
    this.#wire = new Wire(Math.max(2048, options.mtu + 16), this.#clock.now());
    this.#models = this.#wire.models;
    this.#slots = this.#wire.slots;
    this.#ring = new RingWriter(options.ring);
    this.#mailbox = new Mailbox(options.mailbox);
    this.#outlet = new Outlet(libc, options.descriptors);
    this.#tun = options.descriptors.tun;
    this.#wakeup = options.wakeup;
    this.#commands = new LoopCommands({
      wire: this.#wire,
      ring: this.#ring,
      mailbox: this.#mailbox,
      clock: this.#clock,
    });
    this.#poll.set([this.#tun, POLLIN, this.#wakeup, POLLIN]);
    // The kernel may round a sleep up by its slack, 50 us by default; PR_SET_TIMERSLACK is 29.
    libc.prctl(29, 1n, 0n, 0n, 0n);
  }

  /** Moves packets until told to stop. */
  run(): void {
    while (!this.#commands.stopped) this.#turn();
  }

  /** One turn. A method, for V8 compiles those called often better than a loop that never ends. */
  #turn(): void {
    const read = this.#readBurst();
    this.#now = this.#clock.now();
    this.#release(up);
    this.#release(down);
    this.#ring.wake();
    // Not only when woken: under a flood this thread never sleeps.
    this.#commands.obeyNext();
    if (read < burst && !this.#commands.stopped) this.#wait();
  }

  #readBurst(): number {
    const slots = this.#slots;
    let count = 0;
    while (count < burst) {
      const slot = slots.take();
      const length = this.#libc.read(this.#tun, slots.views[slot]!, slots.size);
      if (length <= 0) {
        slots.give(slot);
        break;
      }
      count++;
      slots.lengths[slot] = length;
      this.#admit(slot, length);
    }
    return count;
  }

  #admit(slot: number, length: number): void {
    const slots = this.#slots, frame = this.#frame;
    const bytes = slots.views[slot]!;
    const direction = frame.isFromServer(bytes) ? down : up;
    if (direction === up) frame.restoreTimeToLive(bytes);
    if (!frame.meetsModel(bytes, length)) {
      if (!frame.isStray(bytes)) this.#send(direction, bytes, length);
      slots.give(slot);
      return;
    }
    const model = this.#models[direction];
    const now = this.#now = this.#clock.now();
    const copies = model.enqueue(slot, length + ethernet, now, frame.isEcnCapable(bytes));
    slots.numbers[slot] = model.n;
    slots.references[slot] = copies;
    const keep = this.#mailbox.keep;
    if (keep > 0) {
      this.#ring.write(
        RecordType.packet,
        direction,
        model.n,
        now - this.#wire.began,
        length,
        copies,
        model.lastCause,
        (model.lastReordered ? RecordFlag.reordered : 0) |
          (model.lastMarked ? RecordFlag.marked : 0),
        bytes,
        Math.min(keep, length),
      );
    }
    if (copies === 0) slots.give(slot);
    // At once: what is due must not take up room in the queue, or a short one would drop a burst.
    this.#release(direction);
  }

  /** Sends what is due at `#now`. */
  #release(direction: number): void {
    const model = this.#models[direction]!, slots = this.#slots, frame = this.#frame;
    while (model.nextAt() <= this.#now) {
      const slot = model.dequeue(this.#now);
      if (slot < 0) break;
      const bytes = slots.views[slot]!, length = slots.lengths[slot]!;
      const corrupt = model.outCorruptBit, marked = model.outMarked;
      // The other copy of a duplicate shares these bytes: change, send, change back.
      const traffic = bytes[1]!, high = bytes[10]!, low = bytes[11]!;
      if (marked) frame.markCongestion(bytes);
      if (corrupt >= 0) frame.flip(bytes, length, corrupt);
      this.#send(direction, bytes, length);
      if (corrupt >= 0) frame.flip(bytes, length, corrupt);
      if (marked) {
        bytes[1] = traffic;
        bytes[10] = high;
        bytes[11] = low;
      }
      if (this.#mailbox.keep > 0) {
        this.#ring.write(
          RecordType.copy,
          direction,
          slots.numbers[slot]!,
          this.#clock.now() - this.#wire.began,
          length,
          1,
          corrupt >= 0 ? frame.bitOf(bytes, length, corrupt) : 0,
          (corrupt >= 0 ? RecordFlag.corrupted : 0) | (marked ? RecordFlag.marked : 0),
          null,
          0,
        );
      }
      this.#wire.forget(slot);
    }
  }

  #send(direction: number, bytes: Uint8Array<ArrayBuffer>, length: number): void {
    if (direction === up) this.#outlet.up(bytes, length);
    else this.#outlet.down(bytes, length);
  }

  /** Sleeps until a packet or a command comes, or until a copy is due. */
  #wait(): void {
    const models = this.#models;
    const poll = this.#poll;
    poll[1] = POLLIN;
    poll[3] = POLLIN;
    let left = Math.min(models[up].nextAt(), models[down].nextAt()) - this.#clock.now();
    if (left <= 0) return;
    if (left > 1e12) left = 1e12;
    const seconds = Math.floor(left / 1e9);
    this.#timeout[0] = seconds;
    this.#timeout[2] = left - seconds * 1e9;
    const ready = this.#libc.ppoll(this.#pollBytes, 2, this.#timeoutBytes, null);
    if (ready > 0 && (poll[3]! >> 16) !== 0) this.#libc.read(this.#wakeup, this.#wakeBytes, 8);
  }
}
