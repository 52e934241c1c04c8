/** The link's run of one check: its begin, its packets as they are told, its end. */
import type { StartedTestbed } from "../engine/mod.ts";
import {
  formatProfile,
  formatScriptLine,
  parseScript,
  resolveSeeds,
  type Script,
} from "../netem/mod.ts";
import type { Direction, LinkCounts, LinkEvent, PacketEvent } from "../packet/mod.ts";
import { spoiledBy } from "./disturbance.ts";
import { Inconclusive } from "./failure.ts";
import { Condition } from "./peer/condition.ts";

/** Packets of a run that are kept, the first ones: a program may send without an end. */
const KEPT = 100_000;

/** A network beneath checks: profiles without seeds, for every run, in which a check's script decides all the same. */
export interface Ambient {
  /** Towards the server. */
  up: string;
  /** Towards the clients. */
  down: string;
}

/** What a check asks of the link. A profile takes the place of the network's in that direction. */
export interface LinkWish {
  script?: string;
  up?: string;
  down?: string;
}

/** What a run has come to. */
export interface LinkRecord {
  /** In the order of the record: the first {@linkcode KEPT}. */
  packets: PacketEvent[];
  /** What was to happen. */
  script: Script;
  /** The directions in which the network beneath did what it does. */
  beneath: Direction[];
}

/** What runs of the link have in common. */
export interface LinkRunsOptions {
  seed: bigint;
  /** The network beneath; null: a perfect wire. */
  ambient: Ambient | null;
}

/** Follows a testbed's link through one run after the other. */
export class LinkRuns implements Disposable {
  readonly #testbed: StartedTestbed;
  /** The network beneath each run; null: a perfect wire. */
  readonly ambient: Ambient | null;
  readonly #seed: bigint;
  readonly #stop = new AbortController();
  #packets: PacketEvent[] = [];
  #ended = false;
  #told = { up: 0, down: 0 };
  readonly #more = new Condition();
  #script: Script = parseScript("");
  #beneath: Direction[] = [];
  #onSpoiled: (deed: string) => void = () => {};

  private constructor(testbed: StartedTestbed, { seed, ambient }: LinkRunsOptions) {
    this.#testbed = testbed;
    this.#seed = seed;
    this.ambient = ambient;
  }

  /** Subscribes to the link's events. */
  static async follow(testbed: StartedTestbed, options: LinkRunsOptions): Promise<LinkRuns> {
    const runs = new LinkRuns(testbed, options);
    const events = await testbed.events({ signal: runs.#stop.signal });
    void (async () => {
      for await (const event of events) runs.#take(event);
    })().catch(() => {}); // The link has ended: whoever asks it next hears why.
    return runs;
  }

  #take(event: LinkEvent): void {
    if (event.ev === "begin") this.#reset();
    if (event.ev === "packet") {
      this.#told[event.dir]++;
      if (this.#packets.length < KEPT) this.#packets.push(event);
      const deed = spoiledBy(event, { script: this.#script, beneath: this.#beneath });
      if (deed !== null) this.#onSpoiled(deed);
    }
    if (event.ev === "end") this.#ended = true;
    this.#more.notifyAll();
  }

  #reset(): void {
    this.#packets = [];
    this.#told = { up: 0, down: 0 };
    this.#ended = false;
  }

  /**
   * Begins a run.
   *
   * @param attempt Which one of a check's it is, from 1: each has a seed of its own, the same in each repetition.
   * @param onSpoiled Told what the network beneath has done, if it is such that this run decides nothing any more.
   * @throws {ProfileError} at a wrong script or profile.
   */
  async begin(
    wish: LinkWish,
    { attempt, onSpoiled }: { attempt: number; onSpoiled: (deed: string) => void },
  ): Promise<void> {
    const { ambient } = this;
    this.#onSpoiled = onSpoiled;
    this.#script = parseScript(wish.script ?? "");
    this.#beneath = (["up", "down"] as const)
      .filter((dir) => wish[dir] === undefined && ambient !== null && ambient[dir] !== "");
    const { up = "", down = "" } = { ...ambient, ...wish };
    const seed = this.#seed + BigInt(attempt - 1);
    const seeds = resolveSeeds({ up, down, seed }, () => seed);
    this.#reset();
    await this.#testbed.begin(
      { profile: formatProfile(seeds.up), script: formatScriptLine(this.#script.up) },
      { profile: formatProfile(seeds.down), script: formatScriptLine(this.#script.down) },
    );
  }

  /**
   * The packets so far, once all are told that the link has seen until now and does not hold back; on a network, where each
   * takes its time, once that has let them go.
   */
  async packets(): Promise<PacketEvent[]> {
    const { up, down } = await this.#testbed.show();
    const held = ({ queued }: { queued: number }) => this.ambient === null ? queued : 0;
    await this.#until(() =>
      this.#told.up >= up.counts.seen - held(up) &&
      this.#told.down >= down.counts.seen - held(down)
    );
    return [...this.#packets];
  }

  /** What the link has counted so far. */
  async counts(): Promise<{ up: LinkCounts; down: LinkCounts }> {
    const { up, down } = await this.#testbed.show();
    return { up: up.counts, down: down.counts };
  }

  /** Ends the run; what it has come to, once all of it is told. */
  async end(): Promise<LinkRecord> {
    await this.#testbed.end();
    await this.#until(() => this.#ended);
    return { packets: [...this.#packets], script: this.#script, beneath: this.#beneath };
  }

  /**
   * Does something on a perfect wire, in a run of its own: between those of checks, for it ends one that is under way.
   *
   * @throws {LinkError} Where the link has ended.
   */
  async plainly<T>(act: () => Promise<T>): Promise<T> {
    const plain = { profile: "", script: "" };
    this.#script = parseScript("");
    this.#beneath = [];
    this.#onSpoiled = () => {};
    this.#reset();
    await this.#testbed.begin(plain, plain);
    try {
      return await act();
    } finally {
      await this.#testbed.end();
      // Nothing of it is taken for the next run's.
      await this.#until(() => this.#ended);
    }
  }

  async #until(reached: () => boolean): Promise<void> {
    while (!reached()) {
      if (!await this.#more.wait()) {
        throw new Inconclusive("The link's record of this check did not come");
      }
    }
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
  }
}
