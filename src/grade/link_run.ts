/** The link's run of one check: its begin, its packets as they are told, its end. */
import type { StartedTestbed } from "../engine/mod.ts";
import {
  formatProfile,
  formatScriptLine,
  parseScript,
  resolveSeeds,
  type Script,
} from "../netem/mod.ts";
import type { LinkCounts, LinkEvent, PacketEvent } from "../packet/mod.ts";
import { Inconclusive } from "./failure.ts";
import { Condition } from "./peer/condition.ts";

/** Packets of a run that are kept, the first ones: a program may send without an end. */
const KEPT = 100_000;

/** What a check asks of the link. */
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
}

/** Follows a testbed's link through one run after the other. */
export class LinkRuns implements Disposable {
  readonly #testbed: StartedTestbed;
  readonly #seed: bigint;
  readonly #stop = new AbortController();
  #packets: PacketEvent[] = [];
  #ended = false;
  #told = { up: 0, down: 0 };
  readonly #more = new Condition();
  #script: Script = parseScript("");

  private constructor(testbed: StartedTestbed, seed: bigint) {
    this.#testbed = testbed;
    this.#seed = seed;
  }

  /** Subscribes to the link's events. */
  static async follow(testbed: StartedTestbed, seed: bigint): Promise<LinkRuns> {
    const runs = new LinkRuns(testbed, seed);
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
    }
    if (event.ev === "end") this.#ended = true;
    this.#more.notifyAll();
  }

  #reset(): void {
    this.#packets = [];
    this.#told = { up: 0, down: 0 };
    this.#ended = false;
  }

  /** Begins a run. @throws {ProfileError} at a wrong script or profile. */
  async begin({ script = "", up = "", down = "" }: LinkWish): Promise<void> {
    this.#script = parseScript(script);
    const seeds = resolveSeeds({ up, down, seed: this.#seed }, () => this.#seed);
    this.#reset();
    await this.#testbed.begin(
      { profile: formatProfile(seeds.up), script: formatScriptLine(this.#script.up) },
      { profile: formatProfile(seeds.down), script: formatScriptLine(this.#script.down) },
    );
  }

  /** The packets so far, once all are told that the link has seen until now and does not hold back. */
  async packets(): Promise<PacketEvent[]> {
    const { up, down } = await this.#testbed.show();
    await this.#until(() =>
      this.#told.up >= up.counts.seen - up.queued &&
      this.#told.down >= down.counts.seen - down.queued
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
    return { packets: [...this.#packets], script: this.#script };
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
