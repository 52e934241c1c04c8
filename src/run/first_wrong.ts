/**
 * Which exchange is worth a picture.
 */
import type { PacketEvent } from "../packet/mod.ts";
import type { Exchange } from "./exchange.ts";

/** The first exchange, by number, that did not go as its client hoped; null if all did. */
export function firstWrong(exchanges: readonly Exchange[]): Exchange | null {
  let first: Exchange | null = null;
  for (const exchange of exchanges) {
    if (isWrong(exchange) && (!first || exchange.number < first.number)) first = exchange;
  }
  return first;
}

/** Whether anything but a single answer in time and in turn came of it. */
export function isWrong(exchange: Exchange): boolean {
  return exchange.outcome !== "answered" || exchange.late || exchange.reordered ||
    exchange.requests_arrived > 1 || exchange.answers_arrived > 1;
}

/**
 * The packets to draw with an exchange: its own, those of exchanges of the same client that began
 * before it was over (they may have overtaken it), and of the next, to show how it goes on.
 *
 * @param options.most How many packets to go up to. Default 16; the exchange's own are all there.
 */
export function packetsAround(
  exchange: Exchange,
  exchanges: readonly Exchange[],
  options: { most?: number } = {},
): PacketEvent[] {
  const most = options.most ?? 16;
  const over = Math.max(
    exchange.sent_us,
    ...exchange.packets.flatMap((packet) => packet.copies.map((copy) => copy.at_us)),
  );
  const later = exchanges
    .filter((other) =>
      other !== exchange && other.client === exchange.client && other.server === exchange.server &&
      other.sent_us >= exchange.sent_us
    )
    .sort((a, b) => a.sent_us - b.sent_us);
  const packets = [...exchange.packets];
  for (const [i, other] of later.entries()) {
    const near = i === 0 || other.sent_us <= over;
    if (!near || packets.length + other.packets.length > most) break;
    packets.push(...other.packets);
  }
  return packets;
}
