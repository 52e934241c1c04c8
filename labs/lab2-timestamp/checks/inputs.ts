/** What several checks of this lab send. */

/** Each byte there is, but CR and LF, which end lines. */
export const ALL_BYTES: Uint8Array<ArrayBuffer> = Uint8Array.from({ length: 256 }, (_, n) => n)
  .filter((byte) => byte !== 0x0d && byte !== 0x0a);

/** Text beyond ASCII: letters of two, three and four bytes. */
export const TEXT = "straße, été, 時刻, 🕰";

/** A line: its text, CR and LF. */
export function line(bytes: string | Uint8Array): Uint8Array<ArrayBuffer> {
  const text = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
  return Uint8Array.from([...text, 0x0d, 0x0a]);
}
