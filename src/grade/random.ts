/** Random inputs of a check, the same wherever seed and check are the same. Pure. */
import type { Random } from "./check.ts";

const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

/** Returns the random inputs of a check. */
export function randomOf(seed: string, id: string): Random {
  // FNV-1a of both, then the generator "mulberry32": good enough for inputs that nobody can guess without the seed.
  let state = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${seed} ${id}`)) {
    state = Math.imul(state ^ byte, 0x01000193);
  }
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const integer = (below: number) => Math.floor(next() / 2 ** 32 * below);
  return {
    integer,
    // Loops: checks ask for as much as a datagram holds, and a call for each byte takes ten times as long.
    bytes(length) {
      const bytes = new Uint8Array(length);
      for (let i = 0; i < length; i++) bytes[i] = next();
      return bytes;
    },
    text(length) {
      let text = "";
      for (let i = 0; i < length; i++) {
        const inside = i > 0 && i < length - 1;
        text += inside && integer(8) === 0 ? " " : LETTERS[integer(LETTERS.length)];
      }
      return text;
    },
  };
}
