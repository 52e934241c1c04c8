/**
 * Commands to the thread that moves packets: JSON in shared memory, one at a time; an event descriptor wakes its poll.
 *
 * That thread never returns to its event loop, so messages of the usual kind would never reach it.
 */

const control = 4; // words: sequence number, length, bytes of a packet to keep, unused
const room = 256 * 1024;

/** What a command asks of the packet thread. */
export type LoopCommand =
  | { op: "begin"; up: LoopSetting; down: LoopSetting }
  | { op: "set"; up?: LoopSetting; down?: LoopSetting }
  | { op: "counts" }
  | { op: "end" }
  | { op: "stop" };

/** A direction's settings as the packet thread takes them: text, and a table where the profile names one that is read from disk. */
export interface LoopSetting {
  profile: string;
  script: string;
  experimental?: number[];
}

/** The shared memory of a mailbox. */
export function createMailbox(): SharedArrayBuffer {
  return new SharedArrayBuffer(room + control * 4);
}

/** Either end of a mailbox for commands of a kind. */
export class Mailbox<Command = LoopCommand> {
  readonly #control: Int32Array;
  readonly #bytes: Uint8Array;

  constructor(memory: SharedArrayBuffer) {
    this.#control = new Int32Array(memory, 0, control);
    this.#bytes = new Uint8Array(memory, control * 4);
  }

  /** How many bytes of each packet are recorded; 0 switches the record off. Changed at any time, without a command. */
  get keep(): number {
    return Atomics.load(this.#control, 2);
  }
  set keep(bytes: number) {
    Atomics.store(this.#control, 2, bytes);
  }

  /**
   * Puts a command in. The caller waits for its answer before the next.
   *
   * @returns Its sequence number.
   * @throws {RangeError} Where it is too long.
   */
  post(command: Command): number {
    const bytes = new TextEncoder().encode(JSON.stringify(command));
    if (bytes.length > room) {
      throw new RangeError(
        `Shorten the script: a command of ${bytes.length} bytes is over ${room}`,
      );
    }
    this.#bytes.set(bytes);
    Atomics.store(this.#control, 1, bytes.length);
    return Atomics.add(this.#control, 0, 1) + 1;
  }

  /** Whether a command came after `last`. */
  holdsNewer(last: number): boolean {
    return Atomics.load(this.#control, 0) !== last;
  }

  /** The command with its number, where one came after `last`. */
  take(last: number): { sequence: number; command: Command } | null {
    const sequence = Atomics.load(this.#control, 0);
    if (sequence === last) return null;
    // A copy: TextDecoder does not read shared memory.
    const bytes = this.#bytes.slice(0, Atomics.load(this.#control, 1));
    return { sequence, command: JSON.parse(new TextDecoder().decode(bytes)) as Command };
  }
}
