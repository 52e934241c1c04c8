/**
 * A link: one driver, its runs, and those who watch them.
 */
import { formatProfile, formatScriptLine, parseProfile, parseScriptLine } from "../netem/mod.ts";
import { type LinkEvent, pcapHeader } from "../packet/mod.ts";
import type { Connection } from "./connection.ts";
import { type Driver, type DriverCounts, endOf } from "./driver.ts";
import { jsonLine } from "./line_stream.ts";
import { listensOn, readListening } from "./listening.ts";
import type { LinkEnd, LinkSetting, LinkState, ListenReport } from "./protocol.ts";
import { Recorder } from "./recorder.ts";
import type { LinkInterface } from "./routes.ts";
import { Subscriber } from "./subscriber.ts";

const perfect: LinkSetting = { profile: "", script: "" };

/** What the control socket drives. */
export class Link {
  readonly #driver: Driver;
  readonly #on: LinkInterface;
  readonly #congestion: string;
  readonly #recorder: Recorder;
  readonly #watchers = new Set<Subscriber>();
  readonly #captures = { client: new Set<Subscriber>(), server: new Set<Subscriber>() };
  #up = perfect;
  #down = perfect;
  #epoch = 0;
  #running = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(driver: Driver, on: LinkInterface, congestion: string) {
    this.#driver = driver;
    this.#on = on;
    this.#congestion = congestion;
    this.#recorder = new Recorder({
      event: (event) => this.#tell(event),
      capture: (side, bytes) => {
        this.#captures[side].forEach((one) => one.send(bytes));
        this.#adjust();
      },
    });
    driver.onRecord = (record) => this.#recorder.record(record);
    driver.caughtUp = async () => {
      await Promise.all(this.#subscribers().map((one) => one.keepUp()));
    };
  }

  #subscribers(): Subscriber[] {
    return [...this.#watchers, ...this.#captures.client, ...this.#captures.server];
  }

  #tell(event: LinkEvent): void {
    if (this.#watchers.size === 0) return;
    const line = jsonLine(event);
    this.#watchers.forEach((one) => one.send(line));
  }

  /** Records no more than somebody reads. */
  #adjust(): void {
    const keep = this.#recorder.keepFor({
      events: this.#watchers.size > 0,
      captures: this.#captures.client.size + this.#captures.server.size > 0,
    });
    if (this.#driver.keep !== keep) this.#driver.keep = keep;
  }

  /** Adds a reader of events; `first` goes before them. */
  watch(conn: Connection, first: Uint8Array): Subscriber {
    return this.#add(this.#watchers, new Subscriber(conn), first);
  }

  /** Adds a reader of a capture; `first` and the file's header go before its packets. */
  capture(conn: Connection, side: "client" | "server", first: Uint8Array): Subscriber {
    return this.#add(this.#captures[side], new Subscriber(conn), first, pcapHeader());
  }

  #add(to: Set<Subscriber>, subscriber: Subscriber, ...first: Uint8Array[]): Subscriber {
    first.forEach((bytes) => subscriber.send(bytes));
    to.add(subscriber);
    this.#adjust();
    subscriber.gone.then(() => {
      to.delete(subscriber);
      this.#adjust();
    });
    return subscriber;
  }

  /** One change at a time: two callers that begin at once get two whole runs, one after the other. */
  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(change);
    this.#turn = done.catch(() => {});
    return done;
  }

  /** @throws {ProfileError} At a wrong profile or script; nothing has changed then. */
  async begin(up: LinkSetting, down: LinkSetting): Promise<LinkState> {
    const next = { up: canonical(up), down: canonical(down) };
    return await this.#inTurn(() => this.#begin(next));
  }

  async #begin(next: { up: LinkSetting; down: LinkSetting }): Promise<LinkState> {
    if (this.#running) await this.#end();
    const epoch = this.#epoch + 1;
    this.#recorder.expect({
      v: 1,
      ev: "begin",
      epoch,
      started: new Date().toISOString(),
      driver: this.#driver.name,
      server: this.#on.address,
      mtu: this.#on.mtu,
      congestion: this.#congestion,
      ...next,
    });
    const counts = await this.#driver.begin(next.up, next.down);
    this.#adjust();
    this.#up = next.up;
    this.#down = next.down;
    this.#epoch = epoch;
    this.#running = true;
    return this.#state(counts);
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
    const counts = await this.#driver.set(next);
    this.#up = next.up ?? this.#up;
    this.#down = next.down ?? this.#down;
    this.#tell({ v: 1, ev: "set", t_us: Math.round(counts.t_us), up: this.#up, down: this.#down });
    return this.#state(counts);
  }

  reset(): Promise<LinkState> {
    return this.set({ up: perfect, down: perfect });
  }

  async show(): Promise<LinkState> {
    return this.#state(await this.#driver.counts());
  }

  end(): Promise<LinkEnd> {
    return this.#inTurn(() => this.#end());
  }

  async #end(): Promise<LinkEnd> {
    const counts = await this.#driver.end();
    const end = endOf(counts);
    if (this.#running) this.#tell({ v: 1, ev: "end", t_us: Math.round(counts.t_us), ...end });
    this.#running = false;
    this.#recorder.finish();
    await Promise.all(this.#subscribers().map((one) => one.flush()));
    return end;
  }

  /** Waits until something listens where the server should. */
  async awaitListen(
    wanted: { proto: "udp" | "tcp"; port: number; timeout_ms: number },
  ): Promise<ListenReport> {
    const deadline = performance.now() + wanted.timeout_ms;
    for (;;) {
      const sockets = readListening();
      const listening = listensOn(sockets, { ...wanted, address: this.#on.address });
      if (listening || performance.now() >= deadline) return { listening, sockets };
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  #state(counts: DriverCounts): LinkState {
    const { queued: upQueued, ...up } = counts.up;
    const { queued: downQueued, ...down } = counts.down;
    return {
      driver: this.#driver.name,
      epoch: this.#epoch,
      running: this.#running,
      server: this.#on.address,
      device: this.#on.device,
      mtu: this.#on.mtu,
      congestion: this.#congestion,
      t_us: Math.round(counts.t_us),
      up: { ...this.#up, counts: up, queued: upQueued },
      down: { ...this.#down, counts: down, queued: downQueued },
    };
  }
}

function canonical(setting: LinkSetting): LinkSetting {
  return {
    profile: formatProfile(parseProfile(setting.profile)),
    script: formatScriptLine(parseScriptLine(setting.script)),
  };
}
