/**
 * The `tc` driver: the kernel's netem decides, and what comes and leaves is watched.
 */
import {
  formatProfile,
  parseProfile,
  perfectWire,
  type Profile,
  withSeed,
} from "../../netem/mod.ts";
import { parseAddress } from "../../packet/mod.ts";
import type { Driver, DriverCounts } from "../driver.ts";
import type { LoopSetting } from "../mailbox.ts";
import type { LinkSetting } from "../protocol.ts";
import type { LinkInterface } from "../routes.ts";
import { withTable } from "../tables.ts";
import { type DriverThread, openShared, startThread, ThreadDriver } from "../thread_driver.ts";
import { KernelNetem, type Ready } from "./kernel_netem.ts";
import { ways } from "./names.ts";
import { asTaken } from "./netem_text.ts";
import type { TcFacts } from "./probe.ts";
import type { WatchCommand } from "./watch_commands.ts";
import type { WatchOptions } from "./watch_loop.ts";
import type { Turn } from "./watch.ts";

/**
 * Leads the packets of an interface through the kernel's netem.
 *
 * @param on The interface, as `readInterface()` found it.
 * @param facts What `probeTc()` found: that it works, and whether seeds do.
 * @throws {Error} Saying what the machine lacks.
 */
export async function startTcDriver(on: LinkInterface, facts: TcFacts): Promise<Driver> {
  const kernel = await KernelNetem.open(on, facts);
  try {
    const thread = await startWatching(kernel, on, facts.seeds);
    return new TcDriver(kernel, thread, facts);
  } catch (error) {
    await kernel[Symbol.asyncDispose]();
    throw error;
  }
}

async function startWatching(
  { watched }: KernelNetem,
  on: LinkInterface,
  seeds: boolean,
): Promise<DriverThread> {
  const shared = openShared(), { wakeup, ring, mailbox } = shared;
  const options: WatchOptions = {
    watched,
    wakeup,
    ring,
    mailbox,
    server: parseAddress(on.address),
    ...(on.six && { server6: parseAddress(on.six.address) }),
    mtu: on.mtu,
    seeds,
  };
  const { ready, ...thread } = startThread(new URL("./watch_worker.ts", import.meta.url), options);
  try {
    await ready;
  } catch (error) {
    thread.worker.terminate();
    shared.libc.close(wakeup);
    throw error;
  }
  return { ...shared, ...thread };
}

/** A direction's setting: as the kernel takes it, and as the watch does. */
interface TcSetting {
  profile: Profile;
  watched: LoopSetting;
}

class TcDriver extends ThreadDriver<WatchCommand> implements Driver {
  readonly name = "tc";
  readonly #kernel: KernelNetem;
  readonly #facts: TcFacts;
  readonly #thread: DriverThread;
  /** In force, by direction. */
  readonly #settings: [up: TcSetting, down: TcSetting];

  constructor(kernel: KernelNetem, thread: DriverThread, facts: TcFacts) {
    super(thread);
    this.#kernel = kernel;
    this.#facts = facts;
    this.#thread = thread;
    const perfect = this.#setting(perfectWire());
    this.#settings = [perfect, perfect];
  }

  async begin(up: LinkSetting, down: LinkSetting): Promise<DriverCounts> {
    // Where none was asked for it is 0, as with the other driver: the kernel would draw one, and nobody knew it.
    const settings = [this.#read(up, 0n), this.#read(down, 0n)] as const;
    const profiles = { up: settings[0].profile, down: settings[1].profile };
    const watched = settings.map((one) => one.watched) as [LoopSetting, LoopSetting];
    const act = (ready: Ready) => this.#kernel.begin(profiles, ready);
    const counts = await this.#turnTo("begin", watched, act);
    ways.forEach((_, direction) => this.#settings[direction] = settings[direction]!);
    return counts;
  }

  async set(change: { up?: LinkSetting; down?: LinkSetting }): Promise<DriverCounts> {
    // All are read before any is applied: a wrong word changes nothing.
    const next = ways.map((way) => change[way] && this.#read(change[way]));
    const undo: (() => Promise<unknown>)[] = [];
    try {
      for (const [direction, setting] of next.entries()) {
        if (setting === undefined) continue;
        const before = this.#settings[direction]!;
        const how = await this.#change(direction, setting);
        // Where the random numbers went on, they go on.
        const seedless = how === "kept" && setting.profile.seed === undefined;
        const { seed: _, ...rest } = before.profile;
        undo.push(() => this.#change(direction, seedless ? this.#setting(rest) : before));
      }
    } catch (error) {
      // What tc alone refuses changes nothing either.
      for (const back of undo) await back();
      throw error;
    }
    return await this.counts();
  }

  async #change(direction: number, setting: TcSetting): Promise<"kept" | "fresh"> {
    const { profile, watched } = setting;
    const settings: [LoopSetting?, LoopSetting?] = [];
    settings[direction] = watched;
    let how = "fresh" as "kept" | "fresh";
    await this.#turnTo("change", settings, async (ready) => {
      how = await this.#kernel.change(ways[direction]!, profile, ready);
    });
    if (how === "kept") await this.command({ op: "change", direction, setting: watched });
    this.#settings[direction] = setting;
    return how;
  }

  counts(): Promise<DriverCounts> {
    return this.command({ op: "counts" });
  }

  end(): Promise<DriverCounts> {
    return this.#turnTo("flush", [], (ready) => this.#kernel.flush(ready));
  }

  /** Has fresh netems take over, and the watch know of it before and after. */
  async #turnTo(
    turn: Turn,
    settings: [LoopSetting?, LoopSetting?],
    act: (ready: Ready) => Promise<unknown>,
  ): Promise<DriverCounts> {
    try {
      await act(async ({ up, down }) => {
        await this.command({ op: "ready", turn, chains: [up, down], settings });
      });
    } catch (error) {
      await this.command({ op: "abandon" });
      throw error;
    }
    return await this.command({ op: "done" });
  }

  #read(setting: LinkSetting, seed?: bigint): TcSetting {
    const parsed = parseProfile(setting.profile);
    const seeded = this.#facts.seeds && parsed.seed === undefined && seed !== undefined;
    return this.#setting(seeded ? withSeed(parsed, seed) : parsed);
  }

  #setting(profile: Profile): TcSetting {
    const taken = formatProfile(asTaken(profile, this.#facts));
    return { profile, watched: withTable({ script: "", profile: taken }) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop({ op: "stop" });
    this.#thread.libc.close(this.#thread.wakeup);
    await this.#kernel[Symbol.asyncDispose]();
  }
}
