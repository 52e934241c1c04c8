/**
 * The `tun` driver: netem's decisions made in user space, on packets taken from and returned to the kernel.
 */
import { parseProfile } from "../netem/mod.ts";
import { parseAddress } from "../packet/mod.ts";
import type { Driver, DriverCounts } from "./driver.ts";
import { errno, openLibc } from "./libc.ts";
import type { LoopOptions } from "./loop.ts";
import type { LoopAnswer } from "./loop_commands.ts";
import { tool } from "./machine.ts";
import { createMailbox, type LoopCommand, type LoopSetting, Mailbox } from "./mailbox.ts";
import type { LinkSetting } from "./protocol.ts";
import { createRing, RecordType, RingReader } from "./ring.ts";
import { type LinkInterface, type RouteCommands, routeCommands, routeCommands6 } from "./routes.ts";
import { readDistribution } from "./tables.ts";
import { openTun } from "./tun.ts";

/** Records handed over before others get their turn. */
const most = 512;
const ringBytes = 4 * 1024 * 1024;

/**
 * Takes over the packets of an interface.
 *
 * @param on The interface, as `readInterface()` found it.
 * @throws {Error} Saying what the machine lacks.
 */
export async function startTunDriver(on: LinkInterface): Promise<Driver> {
  const libc = openLibc();
  const descriptors = openTun(libc, on.six !== undefined);
  const wakeup = libc.eventfd(0, 0x80800); // EFD_CLOEXEC | EFD_NONBLOCK
  if (wakeup < 0) {
    throw new Error(`Free some file descriptors: eventfd failed with errno ${errno(libc)}`);
  }
  const ring = createRing(ringBytes), mailbox = createMailbox();
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const failed = Promise.withResolvers<Error>();
  worker.onerror = (event) => {
    event.preventDefault();
    failed.resolve(new Error(`The packet thread ended: ${event.message}`));
  };
  const ready = new Promise<void>((resolve) => worker.onmessage = () => resolve());
  const options: LoopOptions = {
    descriptors,
    wakeup,
    ring,
    mailbox,
    server: parseAddress(on.address),
    ...(on.six && { server6: parseAddress(on.six.address) }),
    mtu: on.mtu,
  };
  worker.postMessage(options);
  await Promise.all([
    setRoutes(on),
    Promise.race([ready, failed.promise.then((error) => Promise.reject(error))]),
  ]);
  return new TunDriver(libc, worker, wakeup, ring, mailbox, failed);
}

/** Leads packets through the device: last, for from then on they wait for the thread that reads it. */
async function setRoutes(on: LinkInterface): Promise<void> {
  await batch([], routeCommands(on));
  const six = routeCommands6(on);
  if (six !== null) await batch(["-6"], six);
}

async function batch(family: string[], { clear, set }: RouteCommands): Promise<void> {
  await tool("ip", [...family, "-force", "-batch", "-"], clear.join("\n")).catch(() => {});
  await tool("ip", [...family, "-batch", "-"], set.join("\n"));
}

class TunDriver implements Driver {
  readonly name = "tun";
  onRecord: Driver["onRecord"] = () => {};
  caughtUp: Driver["caughtUp"] = () => Promise.resolve();
  readonly broken: Promise<Error>;
  readonly #libc;
  readonly #worker: Worker;
  readonly #wakeup: number;
  readonly #reader: RingReader;
  readonly #mailbox: Mailbox;
  readonly #waiting = new Map<number, PromiseWithResolvers<LoopAnswer>>();
  #turn: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(
    libc: ReturnType<typeof openLibc>,
    worker: Worker,
    wakeup: number,
    ring: SharedArrayBuffer,
    mailbox: SharedArrayBuffer,
    failed: PromiseWithResolvers<Error>,
  ) {
    this.#libc = libc;
    this.#worker = worker;
    this.#wakeup = wakeup;
    this.#reader = new RingReader(ring);
    this.#mailbox = new Mailbox(mailbox);
    this.broken = failed.promise;
    this.broken.then((error) => this.#waiting.forEach((answer) => answer.reject(error)));
    this.#pump().catch(failed.resolve);
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
      else await this.#reader.wait();
    }
  }

  #settle(answer: LoopAnswer): void {
    this.#waiting.get(answer.sequence)?.resolve(answer);
    this.#waiting.delete(answer.sequence);
  }

  /** One command at a time: the mailbox has room for one. */
  #command(command: LoopCommand): Promise<DriverCounts> {
    const done = this.#turn.then(async () => {
      const answer = Promise.withResolvers<LoopAnswer>();
      this.#waiting.set(this.#mailbox.post(command), answer);
      this.#libc.write(this.#wakeup, new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]), 8);
      return toCounts(await answer.promise);
    });
    this.#turn = done.catch(() => {});
    return done;
  }

  begin(up: LinkSetting, down: LinkSetting): Promise<DriverCounts> {
    return this.#command({ op: "begin", up: toLoop(up), down: toLoop(down) });
  }

  set(change: { up?: LinkSetting; down?: LinkSetting }): Promise<DriverCounts> {
    return this.#command({
      op: "set",
      ...(change.up && { up: toLoop(change.up) }),
      ...(change.down && { down: toLoop(change.down) }),
    });
  }

  counts(): Promise<DriverCounts> {
    return this.#command({ op: "counts" });
  }

  end(): Promise<DriverCounts> {
    return this.#command({ op: "end" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#command({ op: "stop" }).catch(() => {});
    this.#stopped = true;
    this.#worker.terminate();
  }
}

/** A turn of the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

function toCounts(answer: LoopAnswer): DriverCounts {
  if (answer.error !== undefined) throw new RangeError(answer.error);
  return {
    t_us: answer.t_us,
    missed: answer.missed,
    up: { ...answer.counts[0], queued: answer.queued[0] },
    down: { ...answer.counts[1], queued: answer.queued[1] },
  };
}

/** Adds the table that only a file has, where the profile names it. */
function toLoop(setting: LinkSetting): LoopSetting {
  if (!/\bexperimental\b/.test(setting.profile)) return setting;
  parseProfile(setting.profile);
  return { ...setting, experimental: [...readDistribution("experimental")] };
}
