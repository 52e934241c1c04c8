/**
 * Who reads what a link tells: its events, and the captures of either side.
 */
import { type LinkEvent, pcapHeader } from "../packet/mod.ts";
import { type Connection, jsonLine } from "../mux/mod.ts";
import type { RecorderInterest } from "./recorder.ts";
import { Subscriber } from "./subscriber.ts";

/** All readers of one link. */
export class Subscribers {
  readonly #events = new Set<Subscriber>();
  readonly #captures = { client: new Set<Subscriber>(), server: new Set<Subscriber>() };
  readonly #changed: () => void;

  /** @param changed Called where one came or went. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** What anybody reads. */
  get interest(): RecorderInterest {
    return {
      events: this.#events.size > 0,
      captures: this.#captures.client.size + this.#captures.server.size > 0,
    };
  }

  /** Adds a reader of events; `first` goes before them. */
  addToEvents(conn: Connection, first: Uint8Array): Subscriber {
    return this.#add(this.#events, new Subscriber(conn), first);
  }

  /** Adds a reader of a capture; `first` and the file's header go before its packets. */
  addToCapture(conn: Connection, side: "client" | "server", first: Uint8Array): Subscriber {
    return this.#add(this.#captures[side], new Subscriber(conn), first, pcapHeader());
  }

  #add(to: Set<Subscriber>, subscriber: Subscriber, ...first: Uint8Array[]): Subscriber {
    first.forEach((bytes) => subscriber.send(bytes));
    to.add(subscriber);
    this.#changed();
    subscriber.gone.then(() => {
      to.delete(subscriber);
      this.#changed();
    });
    return subscriber;
  }

  /** Sends an event to its readers. */
  event(event: LinkEvent): void {
    if (this.#events.size === 0) return;
    const line = jsonLine(event);
    this.#events.forEach((one) => one.send(line));
  }

  /** Sends a part of one side's capture to its readers. */
  capture(side: "client" | "server", bytes: Uint8Array): void {
    this.#captures[side].forEach((one) => one.send(bytes));
  }

  /** Settles once all keep up again, or are cut off. */
  async keepUp(): Promise<void> {
    await Promise.all(this.#all().map((one) => one.keepUp()));
  }

  /** Settles once all have what was sent, or are cut off. */
  async flush(): Promise<void> {
    await Promise.all(this.#all().map((one) => one.flush()));
  }

  #all(): Subscriber[] {
    return [...this.#events, ...this.#captures.client, ...this.#captures.server];
  }
}
