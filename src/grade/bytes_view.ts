/** Expected and actual bytes side by side, with a caret at the first difference. Pure. */
import { byteCount, firstDifference } from "./bytes.ts";

/** A part of some bytes, enough to see the difference. */
export interface Excerpt {
  /** How many bytes there are in all. */
  length: number;
  /** The index of the first byte shown. */
  from: number;
  /** The bytes shown: printable ASCII as it is, the rest as `\n`, `\r`, `\t`, `\\` and `\xff`. */
  text: string;
}

/** Bytes shown at most, and how many of them before the difference. */
const SHOWN = 64, BEFORE = 24;

/** Cuts both around their first difference. */
export function excerpts(
  expected: Uint8Array,
  actual: Uint8Array,
): { expected: Excerpt; actual: Excerpt } {
  const longer = Math.max(expected.length, actual.length);
  const at = Math.max(0, firstDifference(expected, actual));
  const from = longer <= SHOWN ? 0 : Math.max(0, Math.min(at - BEFORE, longer - SHOWN));
  return { expected: excerpt(expected, from), actual: excerpt(actual, from) };
}

function excerpt(bytes: Uint8Array, from: number): Excerpt {
  const text = [...bytes.subarray(from, from + SHOWN)].map(cell).join("");
  return { length: bytes.length, from, text };
}

const NAMES: Readonly<Record<number, string>> = {
  0x09: "\\t",
  0x0a: "\\n",
  0x0d: "\\r",
  0x5c: "\\\\",
};

/** One byte as text. */
export function cell(byte: number): string {
  if (NAMES[byte] !== undefined) return NAMES[byte];
  const printable = byte >= 0x20 && byte < 0x7f;
  return printable ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
}

/** The cells of an excerpt's text. */
export function cellsOf(text: string): string[] {
  return text.match(/\\x[0-9a-f]{2}|\\.|[^]/g) ?? [];
}

const NAMED = ["expected", "came"];

/** How wide the lines may be. */
const WIDTH = 76;

/**
 * Returns lines that show both, one under the other, and a caret at the first byte that differs. Behind it, bytes stand
 * below each other no more where their texts are of different widths: each row is shown as its bytes are.
 *
 * ```
 * expected  HELLO\n   6 bytes
 * came      HELlo\n   6 bytes
 *              ^ byte 4
 * ```
 */
export function bytesLines(expected: Excerpt, actual: Excerpt): string[] {
  const wanted = cellsOf(expected.text), came = cellsOf(actual.text);
  const { from } = expected;
  const differs = firstUnlike(wanted, came);
  const start = windowStart(wanted, came, differs);
  const rows = { expected: "", came: "" };
  let caret = 0, i = start;
  for (; i < Math.max(wanted.length, came.length); i++) {
    const next = { expected: rows.expected + (wanted[i] ?? ""), came: rows.came + (came[i] ?? "") };
    if (Math.max(next.expected.length, next.came.length) > WIDTH - 28) break;
    // Up to here both rows are the same.
    if (i === differs) caret = rows.expected.length;
    Object.assign(rows, next);
  }
  const textOf = (row: string, { length }: Excerpt) => {
    const before = from + start > 0 ? "…" : "";
    const after = from + i < length ? "…" : "";
    return length === 0 ? "(nothing)" : `${before}${row}${after}`;
  };
  const texts = [textOf(rows.expected, expected), textOf(rows.came, actual)];
  const empty = expected.length === 0 || actual.length === 0;
  const wide = empty ? 0 : Math.max(...texts.map(({ length }) => length));
  const lines = [expected, actual].map(({ length }, row) => {
    const count = length === 0 ? "" : byteCount(length);
    return `${NAMED[row]!.padEnd(10)}${texts[row]!.padEnd(wide)}   ${count}`.trimEnd();
  });
  if (differs < 0 || actual.length === 0) return lines;
  const shift = 10 + (from + start > 0 ? 1 : 0) + caret;
  return [...lines, `${" ".repeat(shift)}^ byte ${(from + differs + 1).toLocaleString("en-US")}`];
}

function firstUnlike(a: readonly string[], b: readonly string[]): number {
  const longer = Math.max(a.length, b.length);
  for (let i = 0; i < longer; i++) if (a[i] !== b[i]) return i;
  return -1;
}

/** The first cell shown, so that the one that differs is in sight. */
function windowStart(a: readonly string[], b: readonly string[], differs: number): number {
  let width = 0, start = differs;
  while (start > 0 && width < 20) {
    start--;
    width += Math.max(a[start]?.length ?? 0, b[start]?.length ?? 0);
  }
  const total = (cells: readonly string[]) => cells.reduce((sum, { length }) => sum + length, 0);
  return differs < 0 || Math.max(total(a), total(b)) <= WIDTH - 28 ? 0 : Math.max(0, start);
}
