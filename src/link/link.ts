/**
 * A link: its drivers and its runs.
 */
import type { Connection } from "../mux/mod.ts";
import { type DriverCounts, endOf } from "./driver.ts";
import type { DriverName } from "./driver_choice.ts";
import type { Drivers, Taken } from "./drivers.ts";
import { foremost, listensOn, readListening } from "./listening.ts";
import type {
  LinkBegun,
  LinkCounted,
  LinkEnd,
  LinkRunOptions,
  LinkSetting,
  LinkState,
  ListeningSocket,
  ListenReport,
  SocketReport,
} from "./protocol.ts";
import { Recorder } from "./recorder.ts";
import type { LinkInterface } from "./routes.ts";
import {
  canonical,
  type LinkSettings,
  needsOf,
  perfect,
  satisfiedBy,
  withoutSeeds,
  withSeedsOf,
} from "./settings.ts";
import { type Caller, Run } from "./shared_run.ts";
import { readStates } from "./socket_states.ts";
import type { Subscriber } from "./subscriber.ts";
import { Subscribers } from "./subscribers.ts";

/** What the control socket drives. */
export class Link {
  readonly #drivers: Drivers;
  readonly #on: LinkInterface;
  readonly #congestion: string;
  readonly #recorder: Recorder;
  readonly #subscribers = new Subscribers(() => this.#adjust());
  #settings = perfect;
  #epoch = 0;
  #run: Run | null = null;
  /** Of the last run, or of the one under way, as it was begun. */
  #lastBegun: LinkSettings | null = null;
  /** The run that each caller has had a part in, its own part over or not. */
  readonly #partOf = new WeakMap<Caller, Run>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(drivers: Drivers, on: LinkInterface, congestion: string) {
    this.#drivers = drivers;
    this.#on = on;
    this.#congestion = congestion;
    this.#recorder = new Recorder({
      event: (event) => this.#subscribers.event(event),
      capture: (side, bytes) => {
        this.#subscribers.capture(side, bytes);
        this.#adjust(); // A capture has a budget.
      },
    });
    drivers.listen({
      onRecord: (record) => this.#recorder.record(record),
      caughtUp: () => this.#subscribers.keepUp(),
    });
  }

  /** Records no more than somebody reads. */
  #adjust(): void {
    const keep = this.#recorder.keepFor(this.#subscribers.interest);
    if (this.#drivers.keep !== keep) this.#drivers.keep = keep;
  }

  /** Adds a reader of events; `first` goes before them. */
  watch(conn: Connection, first: Uint8Array): Subscriber {
    return this.#subscribers.addToEvents(conn, first);
  }

  /** Adds a reader of a capture; `first` and the file's header go before its packets. */
  capture(conn: Connection, side: "client" | "server", first: Uint8Array): Subscriber {
    return this.#subscribers.addToCapture(conn, side, first);
  }

  /** One change at a time: two callers that begin at once get two whole runs, one after the other. */
  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(change);
    this.#turn = done.catch(() => {});
    return done;
  }

  /**
   * Begins a run, or joins one. `LinkBegin` says which.
   *
   * @throws {ProfileError} At a wrong profile or script; nothing has changed then.
   * @throws {RefusedError} At a driver that cannot do what the settings ask, or that is not this link's.
   * @throws {Error} Where others share a run with other settings; it goes on then.
   */
  async begin(
    wanted: LinkSettings & Pick<LinkRunOptions, "join" | "reuse_seeds" | "drawn" | "driver">,
    caller: Caller,
  ): Promise<LinkBegun> {
    const { join, reuse_seeds: anySeed = false, drawn = anySeed, driver } = wanted;
    const next = { up: canonical(wanted.up), down: canonical(wanted.down) };
    return await this.#inTurn(async () => {
      const run = this.#run;
      const ours = driver === undefined || driver === this.#drivers.driver.name;
      if (join && ours && run?.shared && satisfiedBy(next, run.settings, { anySeed })) {
        const state = await this.show();
        run.join(caller);
        this.#partOf.set(caller, run);
        return { ...state, joined: true };
      }
      if (join && run?.sharedBesides(caller)) {
        throw new Error("Wait until the other run has ended: it uses another network");
      }
      const settings = anySeed && this.#lastBegun ? withSeedsOf(this.#lastBegun, next) : next;
      const state = await this.#begin(
        settings,
        { drawn, ...(driver && { driver }) },
        join && caller,
      );
      if (join) this.#partOf.set(caller, this.#run!);
      else this.#partOf.delete(caller);
      return { ...state, joined: false };
    });
  }

  async #begin(
    wanted: LinkSettings,
    { drawn, driver }: { drawn: boolean; driver?: DriverName },
    first?: Caller,
  ): Promise<LinkState> {
    const taken = await this.#drivers.take(needsOf(wanted, drawn), driver);
    try {
      if (this.#run !== null) await this.#end();
    } catch (error) {
      // Or packets would go on through both.
      await taken.leave();
      throw error;
    }
    await this.#adopt(taken);
    const next = taken.unseeded ? withoutSeeds(wanted) : wanted;
    const epoch = this.#epoch + 1;
    let counts: DriverCounts;
    try {
      counts = await this.#launch(next, epoch);
    } catch (error) {
      const instead = await this.#drivers.takeInstead(error as Error, driver);
      if (instead === null) throw error;
      await this.#adopt(instead);
      counts = await this.#launch(next, epoch);
    }
    this.#adjust();
    this.#settings = this.#lastBegun = next;
    this.#epoch = epoch;
    this.#run = new Run(next, first);
    return this.#state(counts);
  }

  /** Has the driver in force begin a run, told as such. */
  #launch(next: LinkSettings, epoch: number): Promise<DriverCounts> {
    this.#recorder.expect({
      v: 1,
      ev: "begin",
      epoch,
      started: new Date().toISOString(),
      ...this.#drivers.report,
      server: this.#on.address,
      ...(this.#on.six && { server6: this.#on.six.address }),
      mtu: this.#on.mtu,
      congestion: this.#congestion,
      ...next,
    });
    return this.#drivers.driver.begin(next.up, next.down);
  }

  /** @throws {ProfileError} At a wrong profile or script; nothing has changed then. */
  async set(change: { up?: LinkSetting; down?: LinkSetting }): Promise<LinkState> {
    const next = {
      ...(change.up && { up: canonical(change.up) }),
      ...(change.down && { down: canonical(change.down) }),
    };
    return await this.#inTurn(() => this.#set(next));
  }

  async #set(next: { up?: LinkSetting; down?: LinkSetting }): Promise<LinkState> {
    const whole = await this.#driverFor(next);
    const counts = await this.#drivers.driver.set(whole);
    this.#settings = { ...this.#settings, ...whole };
    this.#subscribers.event({ v: 1, ev: "set", t_us: Math.round(counts.t_us), ...this.#settings });
    return this.#state(counts);
  }

  /** Sees to a driver that can do it; returns what that is to be told. */
  async #driverFor(next: { up?: LinkSetting; down?: LinkSetting }) {
    if (this.#run !== null) {
      this.#drivers.check(needsOf(next, false));
      return next;
    }
    const all = { ...this.#settings, ...next };
    const taken = await this.#drivers.take(needsOf(all, false));
    return await this.#adopt(taken) ? all : next;
  }

  /** Puts a driver in force; whether it is another, which is a perfect wire until it is told more. */
  async #adopt(taken: Taken): Promise<boolean> {
    const before = this.#drivers.driver;
    await taken.adopt();
    const other = this.#drivers.driver !== before;
    if (other) this.#settings = perfect;
    return other;
  }

  reset(): Promise<LinkState> {
    return this.set(perfect);
  }

  async show(): Promise<LinkState> {
    return this.#state(await this.#drivers.driver.counts());
  }

  /** Ends the run, or the caller's part in one that others share. */
  end(caller: Caller): Promise<LinkEnd> {
    return this.#inTurn(async () => {
      const run = this.#partOf.get(caller);
      // Whose run somebody has displaced must not end that one's.
      const { sharers } = run ?? { sharers: 0 };
      if (run !== undefined && run.counted !== null) {
        return { ...run.counted, last: false, sharers };
      }
      if (run === undefined || run.leave(caller)) {
        return { ...await this.#end(), last: true, sharers };
      }
      const counts = await this.#drivers.driver.counts();
      await this.#subscribers.flush();
      return { ...endOf(counts), last: false, sharers };
    });
  }

  /** The caller's connection is over: so is its part. */
  async leave(caller: Caller): Promise<void> {
    const run = this.#partOf.get(caller);
    if (run === undefined) return;
    await this.#inTurn(async () => {
      if (run.leave(caller) && run.counted === null) await this.#end();
    });
  }

  async #end(): Promise<LinkCounted> {
    const counts = await this.#drivers.driver.end();
    const end = endOf(counts);
    if (this.#run !== null) {
      this.#subscribers.event({ v: 1, ev: "end", t_us: Math.round(counts.t_us), ...end });
      this.#run.counted = end;
      this.#run = null;
    }
    this.#recorder.finish();
    await this.#subscribers.flush();
    return end;
  }

  /** Waits until something listens where the server should. */
  async awaitListen(
    wanted: { proto: "udp" | "tcp"; port: number; timeout_ms: number },
  ): Promise<ListenReport> {
    const deadline = performance.now() + wanted.timeout_ms;
    const { address, six } = this.#on;
    const found = (sockets: ListeningSocket[]) =>
      listensOn(sockets, { ...wanted, address, address6: six?.address });
    for (;;) {
      const began = performance.now();
      const late = began >= deadline;
      let sockets = readListening([wanted.proto]);
      const listening = found(sockets);
      if (listening || late) {
        // What else listens tells why nobody listens here.
        if (!listening) sockets = readListening();
        return { listening, sockets: foremost(sockets, wanted) };
      }
      // At most half of the time goes into looking: who is waited for needs the processor.
      const took = performance.now() - began;
      await new Promise((resolve) => setTimeout(resolve, Math.max(2, took)));
    }
  }

  /** The sockets of TCP where the server is. */
  sockets({ port }: { port?: number }): Promise<SocketReport> {
    return Promise.resolve({ states: readStates(port) });
  }

  #state(counts: DriverCounts): LinkState {
    const { queued: upQueued, ...up } = counts.up;
    const { queued: downQueued, ...down } = counts.down;
    return {
      ...this.#drivers.report,
      wish: this.#drivers.wish,
      epoch: this.#epoch,
      running: this.#run !== null,
      server: this.#on.address,
      ...(this.#on.six && { server6: this.#on.six.address }),
      device: this.#on.device,
      mtu: this.#on.mtu,
      congestion: this.#congestion,
      t_us: Math.round(counts.t_us),
      ...(counts.followed !== undefined && { followed: counts.followed }),
      missed: counts.missed,
      up: { ...this.#settings.up, counts: up, queued: upQueued },
      down: { ...this.#settings.down, counts: down, queued: downQueued },
    };
  }
}
