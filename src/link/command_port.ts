/**
 * A thread's end of its commands: taken out of its mailbox one at a time, answered through its ring.
 */
import type { LinkCounts } from "../packet/mod.ts";
import type { DriverCounts } from "./driver.ts";
import type { Mailbox } from "./mailbox.ts";
import { RecordType, type RingWriter } from "./ring.ts";

/** How a run stands. */
export interface RunState {
  /** Microseconds since `begin`. */
  t_us: number;
  counts: [up: LinkCounts, down: LinkCounts];
  queued: [up: number, down: number];
  missed: number;
  /** As {@linkcode DriverCounts} has it. */
  followed?: DriverCounts["followed"];
}

/** The answer to a command, as JSON in the ring. */
export interface LoopAnswer extends RunState {
  sequence: number;
  error?: string;
}

/** What commands are taken from and answered to, and by whom. */
export interface CommandPortParts<Command> {
  mailbox: Mailbox<Command>;
  ring: RingWriter;
  /** Does what a command asks. What it throws is the answer's error. */
  obey: (command: Command) => void;
  /** How the run stands then. `missed`: records that were lost so far. */
  state: (missed: number) => RunState;
}

/** Takes commands, has them obeyed, and answers. */
export class CommandPort<Command> {
  readonly #parts: CommandPortParts<Command>;
  #sequence = 0;
  /** Records of this run that were lost, and are counted here. */
  missed = 0;

  constructor(parts: CommandPortParts<Command>) {
    this.#parts = parts;
  }

  /** Whether a command has come. */
  get waiting(): boolean {
    return this.#parts.mailbox.holdsNewer(this.#sequence);
  }

  /** Has a command obeyed, where one has come. */
  obeyNext(): void {
    if (!this.waiting) return;
    const { mailbox, obey } = this.#parts;
    const taken = mailbox.take(this.#sequence);
    if (taken === null) return;
    this.#sequence = taken.sequence;
    let error: string | undefined;
    try {
      obey(taken.command);
    } catch (cause) {
      error = cause instanceof Error ? cause.message : String(cause);
    }
    this.#answer(error);
  }

  /** A run begins: nothing of it is lost yet. */
  begin(): void {
    const { ring } = this.#parts;
    this.missed = 0;
    ring.takeMissed();
    ring.writeSurely(RecordType.begin, null);
  }

  #answer(error: string | undefined): void {
    const { ring, state } = this.#parts;
    this.missed += ring.takeMissed();
    const answer: LoopAnswer = {
      sequence: this.#sequence,
      ...(error === undefined ? {} : { error }),
      ...state(this.missed),
    };
    ring.writeSurely(RecordType.answer, new TextEncoder().encode(JSON.stringify(answer)));
  }
}
