/**
 * Commands to the packet thread: obeyed between packets, answered through the ring.
 */
import {
  Netem,
  parseProfile,
  parseScriptLine,
  type Profile,
  type ScriptLine,
} from "../netem/mod.ts";
import { CommandPort, type RunState } from "./command_port.ts";
import type { MonotonicClock } from "./libc.ts";
import type { LoopCommand, LoopSetting, Mailbox } from "./mailbox.ts";
import { RecordCause, RecordType, type RingWriter } from "./ring.ts";
import { down, up, type Wire } from "./wire.ts";

/** What the thread works with. */
export interface LoopParts {
  wire: Wire;
  ring: RingWriter;
  mailbox: Mailbox;
  clock: MonotonicClock;
}

/** Takes commands out of the mailbox. */
export class LoopCommands {
  readonly #wire: Wire;
  readonly #ring: RingWriter;
  readonly #mailbox: Mailbox;
  readonly #clock: MonotonicClock;
  readonly #port: CommandPort<LoopCommand>;
  /** Whether the thread was told to end. */
  stopped = false;

  constructor({ wire, ring, mailbox, clock }: LoopParts) {
    this.#wire = wire;
    this.#ring = ring;
    this.#mailbox = mailbox;
    this.#clock = clock;
    this.#port = new CommandPort({
      mailbox,
      ring,
      obey: (command) => this.#obey(command),
      state: (missed) => this.#state(missed),
    });
  }

  /** Obeys a command, where one has come. */
  obeyNext(): void {
    this.#port.obeyNext();
  }

  #obey(command: LoopCommand): void {
    const { models } = this.#wire;
    switch (command.op) {
      case "begin": {
        // Both are read before either is applied: a wrong word changes nothing.
        const next = [prepare(command.up), prepare(command.down)] as const;
        this.#drain();
        models[up] = new Netem(next[up].profile, next[up]);
        models[down] = new Netem(next[down].profile, next[down]);
        this.#wire.began = this.#clock.now();
        return this.#port.begin();
      }
      case "set": {
        const next = [command.up && prepare(command.up), command.down && prepare(command.down)];
        if (next[up]) models[up].change(next[up].profile, next[up]);
        if (next[down]) models[down].change(next[down].profile, next[down]);
        return;
      }
      case "end":
        this.#drain();
        return;
      case "stop":
        this.stopped = true;
        return;
      case "counts":
        return;
    }
  }

  /** Drops what is queued, and says so. */
  #drain(): void {
    const { models, slots, began } = this.#wire;
    const now = this.#clock.now() - began;
    for (const direction of [up, down]) {
      models[direction]!.drain((slot) => {
        if (this.#mailbox.keep > 0) {
          const n = slots.numbers[slot]!, length = slots.lengths[slot]!;
          this.#ring.write(
            RecordType.drop,
            direction,
            n,
            now,
            length,
            1,
            RecordCause.end,
            0,
            null,
            0,
          );
        }
        this.#wire.forget(slot);
      });
    }
  }

  #state(missed: number): RunState {
    const { models, began } = this.#wire;
    return {
      t_us: (this.#clock.now() - began) / 1000,
      counts: [{ ...models[up].counts }, { ...models[down].counts }],
      queued: [models[up].queued, models[down].queued],
      missed,
    };
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
