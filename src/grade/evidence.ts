/** What shows why a check did not pass: its packets, what the program printed, how it ended. Pure. */
import type { ProgramExit } from "../engine/mod.ts";
import type { PacketEvent } from "../packet/mod.ts";
import { endingText, lastWord } from "../run/mod.ts";
import { ladderText } from "../view/mod.ts";
import type { PrintedLine } from "./tested_output.ts";

/** Rows of a ladder, lines of output, columns. */
const ROWS = 16, LINES = 6, WIDTH = 76;

/** Packets that a ladder is laid out of, half of them the first: the work grows with their square. */
const LAID_OUT = 500;

/** Returns the ladder of the packets of a peer's socket, or of all where that has none. */
export function ladderOf(packets: readonly PacketEvent[], peer?: string): string[] {
  const own = packets.filter(({ src, dst }) => src === peer || dst === peer);
  const shown = own.length > 0 ? own : packets;
  if (shown.length === 0) return [];
  const omitted = Math.max(0, shown.length - LAID_OUT);
  const ends = shown.toSpliced(LAID_OUT / 2, omitted);
  return ladderText(ends, { width: WIDTH, maxRows: ROWS, omitted });
}

/** Returns the last lines that a program printed. */
export function lastLines(lines: readonly PrintedLine[]): string[] {
  return lines.slice(-LINES).map(({ text }) =>
    text.length > WIDTH ? `${text.slice(0, WIDTH - 1)}…` : text
  );
}

/** Says how a program ended that was not asked to, with its last words. */
export function describeEnd(
  role: string,
  exit: ProgramExit,
  lines: readonly PrintedLine[],
): string {
  const said = lines.filter(({ stream }) => stream === "stderr").map(({ text }) => text);
  const word = lastWord(said);
  return `The ${role} has ended (${endingText(exit)})${
    word === undefined ? "" : `, saying: ${word}`
  }`;
}
