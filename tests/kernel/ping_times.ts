/** What ping(8) prints. Pure. */

/** Returns how long pings took that were answered, in ms, by their numbers. */
export function pingTimes(text: string): Map<number, number> {
  const lines = [...text.matchAll(/icmp_seq=(\d+) .*time=([\d.]+) ms/g)];
  return new Map(lines.map(([, n, ms]) => [Number(n), Number(ms)]));
}
