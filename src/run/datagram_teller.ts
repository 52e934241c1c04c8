/**
 * A run of datagrams told: each request by what became of it.
 */
import type { LinkEvent } from "../packet/mod.ts";
import { ladderText } from "../view/mod.ts";
import type { Exchange, ExchangeNotice } from "./exchange.ts";
import { Exchanges, type ExchangesOptions } from "./exchanges.ts";
import { firstWrong, packetsAround } from "./first_wrong.ts";
import { type LineOptions, noticeLine } from "./report_lines.ts";
import { pingStatistics } from "./report_statistics.ts";
import { tallyExchanges } from "./tally.ts";
import type { Picture, PictureOptions, Teller } from "./teller.ts";

/** Tells exchanges of UDP, and pings. */
export class DatagramTeller implements Teller {
  readonly #exchanges: Exchanges;
  readonly #lines: LineOptions;
  /** Requests are settled by time: what is still on its way is no reason to wait. */
  readonly over = true;

  /** @param lines How its lines are written. */
  constructor(options: ExchangesOptions, lines: LineOptions) {
    this.#exchanges = new Exchanges(options);
    this.#lines = lines;
  }

  /** Every exchange so far. */
  get exchanges(): Exchange[] {
    return this.#exchanges.exchanges;
  }

  /** Takes the next event; returns the lines to say. */
  push(event: LinkEvent): string[] {
    const notices = this.#exchanges.push(event);
    if (event.ev === "end") notices.push(...this.#exchanges.finish());
    return notices.map((notice: ExchangeNotice) => noticeLine(notice, this.#lines));
  }

  /** Ping's lines. */
  statistics(): string[] {
    return pingStatistics(tallyExchanges(this.exchanges));
  }

  /** The first exchange that did not go as its client hoped. */
  firstWrong(options: PictureOptions): Picture | null {
    const { exchanges } = this;
    const wrong = firstWrong(exchanges);
    if (wrong === null) return null;
    return {
      title: `The first exchange that went wrong: number ${wrong.number}`,
      lines: ladderText(packetsAround(wrong, exchanges), options),
    };
  }
}
