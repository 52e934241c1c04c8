/**
 * The loop that moves packets: read, decide, hold, release. It runs in a thread of its own and never yields, because
 * a synchronous poll wakes ten to thirty times more exactly than timers do.
 */
import {
  Netem,
  parseProfile,
  parseScriptLine,
  type Profile,
  type ScriptLine,
} from "../netem/mod.ts";
import type { LinkCounts } from "../packet/mod.ts";
import { Frame } from "./frame.ts";
import { EINTR, errno, type Libc, MonotonicClock } from "./libc.ts";
import { type LoopCommand, type LoopSetting, Mailbox } from "./mailbox.ts";
import { RecordFlag, RecordType, RingWriter } from "./ring.ts";
import { Slots } from "./slots.ts";
import type { TunDescriptors } from "./tun.ts";

/** What the packet thread is given. */
export interface LoopOptions {
  descriptors: TunDescriptors;
  /** An eventfd that the other thread writes to after a command. */
  wakeup: number;
  ring: SharedArrayBuffer;
  mailbox: SharedArrayBuffer;
  /** The server's IPv4 address: packets from it go down, all others up. */
  server: string;
  mtu: number;
}

/** The answer to a command, as JSON in the ring. */
export interface LoopAnswer {
  sequence: number;
  error?: string;
  /** Microseconds since `begin`. */
  t_us: number;
  counts: [up: LinkCounts, down: LinkCounts];
  queued: [up: number, down: number];
  missed: number;
}

const POLLIN = 1;
const MSG_DONTWAIT = 0x40;
/** Ethernet's header, which netem counts in a packet's length. */
const ethernet = 14;
/** How many packets are read before those that are due leave. */
const burst = 16;
const up = 0, down = 1;
/** Causes as the record has them; 1 to 3 are the model's. */
const causeEnd = 4;

/** The state of the packet thread. */
export class PacketLoop {
  readonly #libc: Libc;
  readonly #clock: MonotonicClock;
  readonly #frame: Frame;
  readonly #slots: Slots;
  readonly #ring: RingWriter;
  readonly #mailbox: Mailbox;
  readonly #tun: number;
  readonly #raw: number;
  readonly #wakeup: number;
  readonly #models: [Netem, Netem];
  readonly #destination = new Uint8Array(16);
  readonly #poll = new Int32Array(4);
  readonly #pollBytes = new Uint8Array(this.#poll.buffer);
  readonly #timeout = new Int32Array(4);
  readonly #timeoutBytes = new Uint8Array(this.#timeout.buffer);
  readonly #wakeBytes = new Uint8Array(8);
  #began: number;
  /** The time of the packet at hand: a field, for a number passed from call to call may land on the heap. */
  #now = 0;
  #sequence = 0;
  #missed = 0;
  #stopped = false;

  constructor(libc: Libc, options: LoopOptions) {
    this.#libc = libc;
    this.#clock = new MonotonicClock(libc);
    this.#frame = new Frame(options.server);
    this.#slots = new Slots(Math.max(2048, options.mtu + 16));
    this.#ring = new RingWriter(options.ring);
    this.#mailbox = new Mailbox(options.mailbox);
    this.#tun = options.descriptors.tun;
    this.#raw = options.descriptors.raw;
    this.#wakeup = options.wakeup;
    this.#models = [new Netem(parseProfile("")), new Netem(parseProfile(""))];
    this.#began = this.#clock.now();
    new DataView(this.#destination.buffer).setUint16(0, 2, true); // AF_INET
    this.#poll.set([this.#tun, POLLIN, this.#wakeup, POLLIN]);
    // The kernel may round a sleep up by its slack, 50 us by default; PR_SET_TIMERSLACK is 29.
    libc.prctl(29, 1n, 0n, 0n, 0n);
  }

  /** Moves packets until told to stop. */
  run(): void {
    while (!this.#stopped) this.#turn();
  }

  /** One turn. A method, for V8 compiles those called often better than a loop that never ends. */
  #turn(): void {
    const read = this.#readBurst();
    this.#now = this.#clock.now();
    this.#release(up);
    this.#release(down);
    this.#ring.wake();
    // Not only when woken: under a flood this thread never sleeps.
    if (this.#mailbox.holdsNewer(this.#sequence)) this.#command();
    if (read < burst) this.#wait();
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
      this.#send(direction, bytes, length);
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
        now - this.#began,
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
          this.#clock.now() - this.#began,
          length,
          1,
          corrupt >= 0 ? frame.bitOf(length, corrupt) : 0,
          (corrupt >= 0 ? RecordFlag.corrupted : 0) | (marked ? RecordFlag.marked : 0),
          null,
          0,
        );
      }
      this.#forget(slot);
    }
  }

  #forget(slot: number): void {
    if (--this.#slots.references[slot]! === 0) this.#slots.give(slot);
  }

  #send(direction: number, bytes: Uint8Array<ArrayBuffer>, length: number): void {
    if (direction === up) {
      this.#libc.write(this.#tun, bytes, length);
      return;
    }
    const to = this.#destination;
    to[4] = bytes[16]!;
    to[5] = bytes[17]!;
    to[6] = bytes[18]!;
    to[7] = bytes[19]!;
    // The socket's buffer empties within microseconds: packets wait in no queue but the model's.
    for (let tries = 0; tries < 1000; tries++) {
      if (this.#libc.sendto(this.#raw, bytes, length, MSG_DONTWAIT, to, 16) >= 0) return;
      const error = errno(this.#libc);
      if (error !== EINTR && error !== 11 && error !== 105) return; // EAGAIN, ENOBUFS
    }
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

  #command(): void {
    const taken = this.#mailbox.take(this.#sequence);
    if (taken === null) return;
    this.#sequence = taken.sequence;
    let error: string | undefined;
    try {
      this.#obey(taken.command);
    } catch (cause) {
      error = cause instanceof Error ? cause.message : String(cause);
    }
    this.#answer(error);
  }

  #obey(command: LoopCommand): void {
    switch (command.op) {
      case "begin": {
        // Both are read before either is applied: a wrong word changes nothing.
        const next = [prepare(command.up), prepare(command.down)] as const;
        this.#drain();
        this.#models[up] = new Netem(next[up].profile, next[up]);
        this.#models[down] = new Netem(next[down].profile, next[down]);
        this.#began = this.#clock.now();
        this.#missed = 0;
        this.#ring.takeMissed();
        this.#writeSurely(RecordType.begin, null);
        return;
      }
      case "set": {
        const next = [command.up && prepare(command.up), command.down && prepare(command.down)];
        if (next[up]) this.#models[up].change(next[up].profile, next[up]);
        if (next[down]) this.#models[down].change(next[down].profile, next[down]);
        return;
      }
      case "end":
        this.#drain();
        return;
      case "stop":
        this.#stopped = true;
        return;
      case "counts":
        return;
    }
  }

  /** Drops what is queued, and says so. */
  #drain(): void {
    const now = this.#clock.now() - this.#began;
    for (const direction of [up, down]) {
      this.#models[direction]!.drain((slot) => {
        if (this.#mailbox.keep > 0) {
          const slots = this.#slots;
          const n = slots.numbers[slot]!, length = slots.lengths[slot]!;
          this.#ring.write(RecordType.drop, direction, n, now, length, 1, causeEnd, 0, null, 0);
        }
        this.#forget(slot);
      });
    }
  }

  #answer(error: string | undefined): void {
    this.#missed += this.#ring.takeMissed();
    const answer: LoopAnswer = {
      sequence: this.#sequence,
      ...(error === undefined ? {} : { error }),
      t_us: (this.#clock.now() - this.#began) / 1000,
      counts: [{ ...this.#models[up].counts }, { ...this.#models[down].counts }],
      queued: [this.#models[up].queued, this.#models[down].queued],
      missed: this.#missed,
    };
    this.#writeSurely(RecordType.answer, new TextEncoder().encode(JSON.stringify(answer)));
  }

  /** Writes what must arrive: where the ring is full, its reader is at work and will make room. */
  #writeSurely(type: number, bytes: Uint8Array | null): void {
    const kept = bytes?.length ?? 0;
    while (!this.#ring.write(type, 0, 0, 0, 0, 0, 0, 0, bytes, kept)) {
      this.#ring.wake();
      // Waiting is no loss.
      this.#missed += this.#ring.takeMissed() - 1;
    }
    this.#ring.wake();
  }
}

function prepare(
  setting: LoopSetting,
): { profile: Profile; script: ScriptLine; tables?: { experimental: Int32Array } } {
  return {
    profile: parseProfile(setting.profile),
    script: parseScriptLine(setting.script),
    ...(setting.experimental
      ? { tables: { experimental: Int32Array.from(setting.experimental) } }
      : {}),
  };
}
