/**
 * The loop that reads the taps. The packets do not wait for it, so it need not hurry: while they come, it looks every
 * millisecond rather than being woken for each.
 */
import { type Libc, MonotonicClock } from "../libc.ts";
import { Mailbox } from "../mailbox.ts";
import { RingWriter } from "../ring.ts";
import { down, up } from "../wire.ts";
import type { Watched } from "./kernel_netem.ts";
import { PacketRing } from "./packet_ring.ts";
import { ethernet, hashOf, packetWord, type SeenFrame } from "./seen_frame.ts";
import { TapTimes } from "./tap_times.ts";
import { WatchCommands } from "./watch_commands.ts";

/** What the watching thread is given. */
export interface WatchOptions {
  /** What it watches. */
  watched: Watched;
  /** An eventfd that the other thread writes to after a command. */
  wakeup: number;
  ring: SharedArrayBuffer;
  mailbox: SharedArrayBuffer;
  /** The server's IPv4 address in 4 bytes: packets from it go down, all others up. */
  server: Uint8Array;
  /** Its IPv6 address in 16 bytes, where it has one. */
  server6?: Uint8Array;
  mtu: number;
  /** Whether the kernel takes seeds. */
  seeds: boolean;
}

const POLLIN = 1, CLOCK_REALTIME = 0;
const moment = 1_000_000;
/** Nanoseconds between two looks at clocks within which they are held to be one moment. */
const sharp = 2000;
/** How long it sleeps while fates are open that only time settles, and at the most. */
const shortly = 20_000_000, longest = 1000;
/** Room for a VLAN's tag. */
const tag = 4;

/** The state of the watching thread. */
export class WatchLoop {
  readonly #libc: Libc;
  readonly #clock: MonotonicClock;
  readonly #taps: PacketRing;
  readonly #times: TapTimes;
  readonly #ring: RingWriter;
  readonly #commands: WatchCommands;
  /** Both chains: before the queues, behind those that lead up, behind those that lead down. */
  readonly #watched: readonly number[];
  readonly #server: Int32Array;
  readonly #server6: Int32Array;
  readonly #wakeup: number;
  readonly #poll: Int32Array;
  readonly #pollBytes: Uint8Array<ArrayBuffer>;
  readonly #time = new Int32Array(4);
  readonly #timeBytes = new Uint8Array(this.#time.buffer);
  readonly #wakeBytes = new Uint8Array(8);
  readonly #baseSeconds: number;
  #ticked = 0;

  constructor(libc: Libc, options: WatchOptions) {
    this.#libc = libc;
    const clock = this.#clock = new MonotonicClock(libc);
    this.#times = new TapTimes(() => clock.now());
    this.#server = wordsOf(options.server);
    this.#server6 = wordsOf(options.server6 ?? new Uint8Array(16));
    this.#wakeup = options.wakeup;
    const mostBytes = options.mtu + ethernet + tag;
    libc.clock_gettime(CLOCK_REALTIME, this.#timeBytes);
    this.#baseSeconds = this.#time[0]!;
    const watched = [...options.watched.taps, ...options.watched.up, ...options.watched.down];
    this.#watched = watched;
    this.#taps = new PacketRing(libc, watched, mostBytes, this.#baseSeconds);
    this.#sampleClock();
    this.#ring = new RingWriter(options.ring);
    this.#commands = new WatchCommands({
      ring: this.#ring,
      mailbox: new Mailbox(options.mailbox),
      clock: this.#clock,
      seeds: options.seeds,
      mostBytes,
      close: () => this.#taps.close(),
    });
    const descriptors = [this.#taps.descriptor, this.#wakeup, ...this.#taps.sentinels];
    this.#poll = Int32Array.from(descriptors.flatMap((descriptor) => [descriptor, POLLIN]));
    this.#pollBytes = new Uint8Array(this.#poll.buffer as ArrayBuffer);
    libc.prctl(29, 1n, 0n, 0n, 0n); // PR_SET_TIMERSLACK
  }

  /** Watches until told to stop. */
  run(): void {
    while (!this.#commands.stopped) this.#turn();
  }

  #turn(): void {
    const commands = this.#commands, now = this.#clock.now();
    const read = this.#read();
    if (now - this.#ticked > moment) {
      commands.watch.tick(now);
      this.#ticked = now;
    }
    if (commands.waiting) {
      // What the taps saw before the command was given is there by now.
      this.#read(true);
      commands.obey();
    }
    this.#ring.wake();
    if (!commands.stopped) this.#wait(read > 0);
  }

  /**
   * Reads all that is there; what comes meanwhile may be left, or under a flood this would have no end.
   *
   * @param surely Whether to ask for lost records, too.
   */
  #read(surely = false): number {
    const taps = this.#taps, { frame } = taps, { watch } = this.#commands;
    this.#times.look();
    this.#sampleClock();
    let count = 0;
    for (; count < taps.room && taps.next(); count++) {
      frame.time = this.#times.held(frame.time);
      const seen = this.#watched.indexOf(taps.interface), chain = seen & 1;
      const hash = hashOf(frame);
      if (seen >= 2) watch.left(seen < 4 ? up : down, chain, frame, hash);
      else watch.came(this.#isFromServer(frame) ? down : up, chain, frame, hash);
      if ((count & 255) === 255) this.#ring.wake();
    }
    this.#commands.missed(taps.takeMissed(surely));
    return count;
  }

  /**
   * The taps' times are those of the day, which may be set; ours are not. Between two looks at clocks this thread may have
   * stood still: what is known no better than that is not taken for a change.
   */
  #sampleClock(): void {
    let offset = this.#taps.offset, width = Infinity;
    for (let tries = 0; tries < 4 && width > sharp; tries++) {
      const before = this.#clock.now();
      this.#libc.clock_gettime(CLOCK_REALTIME, this.#timeBytes);
      const after = this.#clock.now();
      if (after - before >= width) continue;
      width = after - before;
      offset = before + width / 2 - (this.#time[0]! - this.#baseSeconds) * 1e9 - this.#time[2]!;
    }
    if (Math.abs(offset - this.#taps.offset) > width) this.#taps.offset = offset;
  }

  #isFromServer({ words, first }: SeenFrame): boolean {
    const at = first + packetWord;
    if ((words[at]! & 0xf0) !== 0x60) return words[at + 3] === this.#server[0];
    const six = this.#server6;
    return words[at + 5] === six[3] && words[at + 4] === six[2] && words[at + 3] === six[1] &&
      words[at + 2] === six[0];
  }

  /** Sleeps: a moment where something was read, else until something comes. */
  #wait(busy: boolean): void {
    const poll = this.#poll;
    // The ring would have been full of news at once; a negative descriptor is none.
    poll[0] = busy ? -1 : this.#taps.descriptor;
    for (let at = 1; at < poll.length; at += 2) poll[at] = POLLIN;
    this.#time[0] = busy || this.#commands.watch.open > 0 ? 0 : longest;
    this.#time[2] = busy ? moment : this.#commands.watch.open > 0 ? shortly : 0;
    const ready = this.#libc.ppoll(this.#pollBytes, poll.length / 2, this.#timeBytes, null);
    if (ready <= 0) return;
    if ((poll[3]! >> 16) !== 0) this.#libc.read(this.#wakeup, this.#wakeBytes, 8);
    for (let at = 5; at < poll.length; at += 2) {
      if ((poll[at]! >> 16) !== 0) {
        throw new Error(
          "Start the lab again: an interface of the link's was taken away or set down",
        );
      }
    }
  }
}

/** Bytes of an address as the words that a frame has them in. */
function wordsOf(address: Uint8Array): Int32Array {
  return new Int32Array(address.slice().buffer);
}
