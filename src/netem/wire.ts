/** The wire of a given rate: how long a packet occupies it. */
import type { RateOption } from "./profile.ts";

/** How long a packet of `bytes` occupies a wire, ns. Fewer than no bytes count as none. */
export function wireTime(bytes: number, rate: RateOption): number {
  let length = Math.max(0, bytes + rate.overhead);
  if (rate.cellSize !== 0) {
    const cells = Math.ceil(length / rate.cellSize);
    // The kernel multiplies these in 32 bits.
    length = Math.imul(cells, rate.cellSize + rate.cellOverhead) >>> 0;
  }
  return Math.floor((length * 1e9) / rate.bytesPerSecond);
}
