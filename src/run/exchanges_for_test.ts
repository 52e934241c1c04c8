/** Exchanges fed with events, and what they tell in short, for tests. */
import type { LinkEvent } from "../packet/mod.ts";
import { upper } from "./events_for_test.ts";
import type { ExchangeNotice } from "./exchange.ts";
import { Exchanges, type ExchangesOptions } from "./exchanges.ts";

/** A notice in short: number, what, and where there is one the round trip in ms. */
export function short(notice: ExchangeNotice): string {
  if (notice.kind === "stray") return `stray ${atob(notice.datagram.head)}`;
  const { number, outcome, rtt_us, late, reordered } = notice.exchange;
  const what = notice.kind === "settled" ? outcome : notice.kind;
  const trip = notice.kind === "duplicate" ? notice.rtt_us : rtt_us;
  return `${number} ${what}${trip === null ? "" : ` ${trip / 1000}`}` +
    (late ? " late" : "") + (reordered ? " reordered" : "");
}

/** Feeds events: what was told as they came, and what at the end. */
export function feed(
  events: LinkEvent[],
  options: ExchangesOptions = { answerHead: upper },
): { exchanges: Exchanges; told: string[]; finished: string[] } {
  const exchanges = new Exchanges(options);
  const told = events.flatMap((event) => exchanges.push(event).map(short));
  const finished = exchanges.finish().map(short);
  return { exchanges, told, finished };
}
