/** What several checks of this lab send. */
import type { Random } from "../../../src/grade/mod.ts";

/** Each byte there is, but CR and LF, which end lines. */
export function allBytes(random: Random): Uint8Array<ArrayBuffer> {
  return random.everyByte().filter((byte) => byte !== 0x0d && byte !== 0x0a);
}

/** Text beyond ASCII: letters of two, three and four bytes. */
export function beyondAscii(random: Random): string {
  return `straße ${random.words(4)}, été, 時刻, 🕰`;
}

/** Words of the same length, each another one. */
export function unlikeWords(random: Random, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${i + 1}${random.words(4)}`);
}

/** A line: its text, CR and LF. */
export function line(bytes: string | Uint8Array): Uint8Array<ArrayBuffer> {
  const text = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
  return Uint8Array.from([...text, 0x0d, 0x0a]);
}
