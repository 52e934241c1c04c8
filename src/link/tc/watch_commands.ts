/**
 * Commands to the watching thread, and what it writes into the ring.
 */
import { parseProfile } from "../../netem/mod.ts";
import { CommandPort, type RunState } from "../command_port.ts";
import type { MonotonicClock } from "../libc.ts";
import type { LoopSetting, Mailbox } from "../mailbox.ts";
import { openCopies, RecordFlag, RecordType, type RingWriter } from "../ring.ts";
import { Bit } from "./difference.ts";
import type { FateSink } from "./tally.ts";
import { type Turn, Watch, type WatchedSetting } from "./watch.ts";

/** What a command asks of the watching thread. Directions are told by their number. */
export type WatchCommand =
  | {
    op: "ready";
    turn: Turn;
    chains: [up: number, down: number];
    settings: [up?: LoopSetting | null, down?: LoopSetting | null];
  }
  | { op: "done" | "abandon" | "counts" | "stop" }
  | { op: "change"; direction: number; setting: LoopSetting };

/** What they work with. */
export interface WatchParts {
  ring: RingWriter;
  mailbox: Mailbox<WatchCommand>;
  clock: MonotonicClock;
  seeds: boolean;
  /** Bytes of the largest frame. */
  mostBytes: number;
  /** Lets go of the taps, before the command to stop is answered. */
  close: () => void;
}

/** Obeys commands, and has a {@linkcode Watch} that records what it finds. */
export class WatchCommands {
  readonly watch: Watch;
  readonly #parts: WatchParts;
  readonly #port: CommandPort<WatchCommand>;
  /** When the run began, by the clock of the watch. */
  #began: number;
  /** Whether the thread was told to end. */
  stopped = false;

  constructor(parts: WatchParts) {
    this.#parts = parts;
    this.#began = parts.clock.now();
    this.watch = new Watch({
      seeds: parts.seeds,
      mostBytes: parts.mostBytes,
      sinks: [this.#sink(0), this.#sink(1)],
      onBegin: (now) => {
        this.#began = now;
        this.#port.begin();
      },
    });
    this.#port = new CommandPort({
      ring: parts.ring,
      mailbox: parts.mailbox,
      obey: (command) => this.#obey(command),
      state: (missed) => this.#state(missed),
    });
  }

  /** Whether there is a command to obey; first all must be read that the taps saw before it. */
  get waiting(): boolean {
    return this.#port.waiting;
  }

  /** So many records of the taps were lost. */
  missed(count: number): void {
    if (count === 0) return;
    this.#port.missed += count;
    this.watch.distrust();
  }

  /** Obeys the command that waits. */
  obey(): void {
    this.#port.obeyNext();
  }

  #obey(command: WatchCommand): void {
    const { watch } = this, now = this.#parts.clock.now();
    switch (command.op) {
      case "ready": {
        const { turn, chains } = command, [up, down] = command.settings;
        const settings = [up ? read(up) : undefined, down ? read(down) : undefined] as const;
        return watch.ready(turn, chains, settings, now);
      }
      case "done":
        return watch.done(now);
      case "abandon":
        return watch.abandon();
      case "change":
        return watch.change(command.direction, read(command.setting));
      case "stop":
        this.stopped = true;
        return this.#parts.close();
      case "counts":
        return;
    }
  }

  #state(missed: number): RunState {
    const { unplaced, ...counted } = this.watch.counted();
    return {
      t_us: (this.#parts.clock.now() - this.#began) / 1000,
      missed: missed + unplaced,
      ...counted,
    };
  }

  #sink(direction: number): FateSink {
    const { ring, mailbox } = this.#parts;
    const since = (time: number) => Math.max(0, time - this.#began);
    return {
      packet({ n, time, packetLength, packet }) {
        const keep = mailbox.keep;
        if (keep === 0) return false;
        const kept = Math.min(keep, packetLength);
        return ring.write(
          RecordType.packet,
          direction,
          n,
          since(time),
          packetLength,
          openCopies,
          0,
          0,
          packet,
          kept,
        );
      },
      copy({ told, n, packetLength }, time, bit, marked) {
        if (!told) return;
        const damaged = bit !== Bit.none;
        ring.write(
          RecordType.copy,
          direction,
          n,
          since(time),
          packetLength,
          1,
          damaged ? bit : 0,
          (damaged ? RecordFlag.corrupted : 0) | (marked ? RecordFlag.marked : 0),
          null,
          0,
        );
      },
      fate({ told, n, packetLength, left, flags }, time, cause) {
        if (!told) return;
        ring.write(
          RecordType.fate,
          direction,
          n,
          since(time),
          packetLength,
          left,
          cause,
          flags,
          null,
          0,
        );
      },
    };
  }
}

function read({ profile, experimental }: LoopSetting): WatchedSetting {
  return {
    profile: parseProfile(profile),
    ...(experimental && { tables: { experimental: Int16Array.from(experimental) } }),
  };
}
