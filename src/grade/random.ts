/** Random inputs of a check, the same wherever seed and check are the same. Pure. */
import type { Random } from "./check.ts";

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const LETTERS_AND_DIGITS = `${LETTERS}0123456789`;
/** The printable bytes of ASCII, without the space. */
const PRINTABLE = { first: 0x21, last: 0x7e };

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
  const one = (of: string) => of[integer(of.length)]!;
  // Fisher and Yates: each order is as likely as any other.
  const shuffled = (bytes: Uint8Array) => {
    const shuffled = Uint8Array.from(bytes);
    for (let last = shuffled.length - 1; last > 0; last--) {
      const i = integer(last + 1);
      [shuffled[i], shuffled[last]] = [shuffled[last]!, shuffled[i]!];
    }
    return shuffled;
  };
  return {
    integer,
    shuffled,
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
        text += inside && integer(8) === 0 ? " " : one(LETTERS_AND_DIGITS);
      }
      return text;
    },
    words: (...lengths) =>
      lengths.map((length) => Array.from({ length }, () => one(LETTERS)).join("")).join(" "),
    everyByte() {
      const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
      bytes.set(
        shuffled(bytes.subarray(PRINTABLE.first, PRINTABLE.last + 1)),
        PRINTABLE.first,
      );
      return bytes;
    },
  };
}
