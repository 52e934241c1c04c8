/** Where kernel and model differ, in lines that a person can read. */
import type { Copy, Replay } from "./replay.ts";

/** How a replay is judged. */
export interface CompareOptions {
  /** Packets up to this number are not judged. Default 0. */
  after?: number;
  /** Whether the order of leaving is not judged. Default false. */
  unordered?: boolean;
  /** At most so many lines. Default 5. */
  most?: number;
}

/** A line for each packet that kernel and model treat differently, and for the first that leaves out of turn. */
export function differences(of: Replay, options: CompareOptions = {}): string[] {
  const { after = 0, unordered = false, most = 5 } = options;
  const lines: string[] = [];
  for (let n = after + 1; n <= of.kernel.packets.length && lines.length < most; n++) {
    const line = packetDifference(of, n);
    if (line !== null) lines.push(line);
  }
  if (!unordered && lines.length < most) lines.push(...outOfTurn(of, after));
  return lines;
}

/** The last packet that the two treat differently; 0 where there is none. */
export function lastDifference(of: Replay): number {
  let n = of.kernel.packets.length;
  while (n > 0 && packetDifference(of, n) === null) n--;
  return n;
}

function packetDifference({ kernel, model }: Replay, n: number): string | null {
  const [was, said] = [kernel, model].map(({ packets, causes }) => ({
    copies: packets[n - 1]!.toSorted((a, b) => a.delay - b.delay),
    cause: causes[n - 1]!,
  }));
  const same = was!.cause === said!.cause && was!.copies.length === said!.copies.length &&
    was!.copies.every((copy, index) => alike(copy, said!.copies[index]!));
  return same ? null : `packet ${n}: the kernel ${text(was!)}, the model said ${text(said!)}`;
}

function alike(a: Copy, b: Copy): boolean {
  return a.delay === b.delay && a.corrupted === b.corrupted &&
    a.marked === b.marked;
}

function text({ copies, cause }: { copies: Copy[]; cause: string }): string {
  if (copies.length === 0) return cause === "" ? "kept it" : `dropped it (${cause})`;
  return "gave " +
    copies.map(({ delay, corrupted, marked }) =>
      `${delay} ns${corrupted ? " corrupted" : ""}${marked ? " marked" : ""}`
    ).join(" and ");
}

/** The first copy that left in another order. */
function outOfTurn({ kernel, model }: Replay, after: number): string[] {
  const [was, said] = [kernel, model].map(({ order }) => order.filter(({ n }) => n > after));
  const at = was!.findIndex(({ n }, place) => said![place]?.n !== n);
  const other = said![at]?.n;
  // Where one is missing, that has been told of its packet.
  return at < 0 || other === undefined ? [] : [
    `copy ${at + 1} to leave: the kernel's was of packet ${was![at]!.n}, the model's of ${other}`,
  ];
}
