/** Percentages as the 32-bit numbers that tc hands to the kernel. */

/** The chance of 100 %. */
export const CERTAIN = 0xffffffff;

/** `rint(p / 100 * (2^32 - 1))`: halves go to the even neighbour. */
export function chanceOf(percent: number): number {
  const exact = (percent / 100) * CERTAIN;
  const floor = Math.floor(exact);
  const rest = exact - floor;
  if (rest > 0.5 || (rest === 0.5 && floor % 2 === 1)) return floor + 1;
  return floor;
}

/** A correlation as it enters the draw: one larger than given, 0 for none. */
export function rhoOf(percent: number): number {
  const rho = chanceOf(percent);
  return rho === 0 ? 0 : rho + 1;
}
