/** Names that strangers chose, in lines that people read. Pure. */
import { oneLine } from "../printable.ts";

/** Longer ones say no more. */
const LONGEST = 120;

/** Returns a name or path on one line; a long one without its middle. */
export function shown(name: string): string {
  const plain = oneLine(name);
  if (plain.length <= LONGEST) return plain;
  const half = LONGEST / 2;
  return `${plain.slice(0, half)}…${plain.slice(-half)}`.toWellFormed();
}
