/**
 * What drivers share whose work is done by a thread that never returns to its event loop: commands go to it through a
 * mailbox, its records and answers come back through a ring.
 */
import { AdvisedError } from "./advised_error.ts";
import type { LoopAnswer } from "./command_port.ts";
import type { Driver, DriverCounts } from "./driver.ts";
import { errno, type Libc, openLibc } from "./libc.ts";
import { Mailbox } from "./mailbox.ts";
import { RecordType, RingReader } from "./ring.ts";
import { giveMemory, type SharedMemory, takeMemory } from "./shared_memory.ts";

/** Records handed over before others get their turn. */
const most = 512;

/** A thread at work. */
export interface DriverThread extends SharedMemory {
  libc: Libc;
  worker: Worker;
  /** An eventfd that wakes the thread. */
  wakeup: number;
  /** Settles once the thread has failed. */
  failed: PromiseWithResolvers<Error>;
  /** Settles once it has ended as it was told. */
  ended: Promise<void>;
}

/**
 * What a thread and its driver share; the descriptor is the driver's to close.
 *
 * @throws {Error} Where the machine has no more descriptors.
 */
export function openShared(
  libc: Libc = openLibc(),
): Pick<DriverThread, "libc" | "wakeup" | "ring" | "mailbox"> {
  const wakeup = libc.eventfd(0, 0x80800); // EFD_CLOEXEC | EFD_NONBLOCK
  if (wakeup < 0) {
    throw new Error(`Free some file descriptors: eventfd failed with errno ${errno(libc)}`);
  }
  return { libc, wakeup, ...takeMemory() };
}

/** What a thread says of itself. `fault`: why it has ended, in words for people; `advice`: what to do about it. */
export type ThreadMessage = "ready" | "stopped" | { fault: string; advice?: string };

/**
 * Starts a thread; settles once it is ready.
 *
 * @param url Its module, which answers its one message once it has begun, and says when it has ended, and why.
 * @param options What it is told.
 */
export function startThread(
  url: URL,
  options: unknown,
): Pick<DriverThread, "worker" | "failed" | "ended"> & { ready: Promise<void> } {
  const worker = new Worker(url, { type: "module" });
  const failed = Promise.withResolvers<Error>();
  worker.onerror = (event) => {
    event.preventDefault();
    failed.resolve(new Error(`The packet thread ended: ${event.message}`));
  };
  const begun = Promise.withResolvers<void>(), ended = Promise.withResolvers<void>();
  worker.onmessage = ({ data }: MessageEvent<ThreadMessage>) => {
    if (data === "ready") begun.resolve();
    else if (data === "stopped") ended.resolve();
    else failed.resolve(faultOf(data));
  };
  worker.postMessage(options);
  const ready = Promise.race([
    begun.promise,
    failed.promise.then((error) => Promise.reject(error)),
  ]);
  return { worker, failed, ready, ended: ended.promise };
}

function faultOf({ fault, advice }: { fault: string; advice?: string }): Error {
  return advice === undefined ? new Error(fault) : new AdvisedError(advice, fault);
}

/** A driver before its thread: `Command` is what that obeys, each with an `op`. */
export abstract class ThreadDriver<Command extends { op: string }>
  implements Pick<Driver, "keep" | "onRecord" | "caughtUp" | "broken"> {
  onRecord: Driver["onRecord"] = () => {};
  caughtUp: Driver["caughtUp"] = () => Promise.resolve();
  readonly broken: Promise<Error>;
  readonly #thread: DriverThread;
  readonly #reader: RingReader;
  readonly #mailbox: Mailbox<Command>;
  readonly #waiting = new Map<number, PromiseWithResolvers<LoopAnswer>>();
  #turn: Promise<unknown> = Promise.resolve();
  #error: Error | null = null;
  #stopped = false;

  constructor(thread: DriverThread) {
    this.#thread = thread;
    this.#reader = new RingReader(thread.ring);
    this.#mailbox = new Mailbox(thread.mailbox);
    this.broken = thread.failed.promise;
    this.broken.then((error) => {
      this.#error = error;
      this.#waiting.forEach((answer) => answer.reject(error));
    });
    this.#pump().catch(thread.failed.resolve);
  }

  get keep(): number {
    return this.#mailbox.keep;
  }
  set keep(bytes: number) {
    this.#mailbox.keep = bytes;
  }

  /** Hands records over as they come; after a long stretch others get their turn. */
  async #pump(): Promise<void> {
    while (!this.#stopped) {
      let read = 0;
      for (; read < most; read++) {
        const record = this.#reader.read();
        if (record === null) break;
        if (record.type !== RecordType.answer) {
          this.onRecord(record);
          continue;
        }
        this.#settle(JSON.parse(new TextDecoder().decode(record.data)));
        // Who waits for the answer acts on it before the records that come after it: what is not in a run stays out.
        await turn();
      }
      await this.caughtUp();
      // Under load the ring is never empty, and sockets want their share.
      if (read === most) await turn();
      else if (!this.#stopped) await this.#reader.wait();
    }
  }

  #settle(answer: LoopAnswer): void {
    this.#waiting.get(answer.sequence)?.resolve(answer);
    this.#waiting.delete(answer.sequence);
  }

  /** Has the thread obey a command. One at a time: the mailbox has room for one. */
  protected command(command: Command): Promise<DriverCounts> {
    const done = this.#turn.then(async () => {
      if (this.#stopped) throw new Error("The driver has ended");
      // Of a thread that has failed no answer comes.
      if (this.#error !== null) throw this.#error;
      const answer = Promise.withResolvers<LoopAnswer>();
      this.#waiting.set(this.#mailbox.post(command), answer);
      this.#thread.libc.write(this.#thread.wakeup, new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]), 8);
      return toCounts(await answer.promise);
    });
    this.#turn = done.catch(() => {});
    return done;
  }

  /** Ends the thread, which first obeys `last`; nothing of what it used is in use any more then. */
  protected async stop(last: Command): Promise<void> {
    await this.command(last).catch(() => {});
    const first = !this.#stopped;
    this.#stopped = true;
    await Promise.race([this.#thread.ended, this.broken]);
    this.#thread.worker.terminate();
    this.#reader.end();
    // One that has failed may not have ended at this moment.
    if (first && this.#error === null) giveMemory(this.#thread);
  }
}

/** A turn of the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

function toCounts({ error, t_us, missed, counts, queued, followed }: LoopAnswer): DriverCounts {
  if (error !== undefined) throw new RangeError(error);
  return {
    t_us,
    missed,
    ...(followed !== undefined && { followed }),
    up: { ...counts[0], queued: queued[0] },
    down: { ...counts[1], queued: queued[1] },
  };
}
