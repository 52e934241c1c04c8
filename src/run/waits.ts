/** How long clients waited for their answers. */
import type { Connection } from "./connection.ts";
import type { Exchange } from "./exchange.ts";

/**
 * Returns how long a client waited for each answer, in milliseconds: from the first request to it, so that a request sent
 * again for want of an answer is part of the wait. It holds for clients that ask one thing at a time.
 */
export function waitsOf(exchanges: readonly Exchange[]): number[] {
  const waits: number[] = [];
  let first: Exchange | null = null;
  for (const exchange of exchanges.toSorted((a, b) => a.sent_us - b.sent_us)) {
    if (first === null || headOf(first) !== headOf(exchange)) first = exchange;
    if (exchange.rtt_us === null || exchange.late) continue;
    waits.push((exchange.sent_us + exchange.rtt_us - first.sent_us) / 1000);
    first = null;
  }
  return waits;
}

/**
 * Returns the same for connections, in milliseconds: to the first answer on each from its SYN, so that what it took to
 * open it is part of the wait; to those after it from their requests.
 */
export function connectionWaits(connections: readonly Connection[]): number[] {
  return connections.flatMap(({ trips_us, times: { syn_sent_us, synack_arrived_us } }) => {
    const opening = syn_sent_us === null || synack_arrived_us === null
      ? 0
      : synack_arrived_us - syn_sent_us;
    return trips_us.map((us, i) => (i === 0 ? us + opening : us) / 1000);
  });
}

function headOf({ packets }: Exchange): string | undefined {
  return packets[0]?.head;
}
