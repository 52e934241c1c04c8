/**
 * Scripts: the fates of packets named by their numbers, instead of by chance.
 *
 * ```
 * lose 1,4; duplicate 6          lose 3-5               delay 2 by 500ms
 * corrupt 7                      hold 8 until 9         up: lose 1; down: duplicate 2
 * ```
 */

/** Packets by number, both ends included, from 1. */
export interface PacketRange {
  from: number;
  to: number;
}

/** One direction's script. Ranges are sorted and do not touch; a lost packet is named nowhere else. */
export interface ScriptLine {
  lose: readonly PacketRange[];
  duplicate: readonly PacketRange[];
  corrupt: readonly PacketRange[];
  /** Held back this much longer than the profile says. */
  delay: readonly (PacketRange & { ns: number })[];
  /** `packet` leaves right after `until` has left, or was lost. */
  hold: readonly { packet: number; until: number }[];
}

/** Both directions' scripts. */
export interface Script {
  up: ScriptLine;
  down: ScriptLine;
}

/** A script that names no packet. */
export function emptyScriptLine(): ScriptLine {
  return { lose: [], duplicate: [], corrupt: [], delay: [], hold: [] };
}

/** Whether a script names no packet. */
export function isEmptyScriptLine(line: ScriptLine): boolean {
  return Object.values(line).every((list) => list.length === 0);
}

/** What a script can do to a packet, as bits. */
export const enum ScriptAct {
  Lose = 1,
  Duplicate = 2,
  Corrupt = 4,
  Delay = 8,
  Hold = 16,
}

/** Packets that share one fate. */
interface Segment extends PacketRange {
  acts: number;
  delayNs: number;
  until: number;
}

/** Follows a script packet by packet: numbers must be asked for in rising order. */
export class ScriptCursor {
  /** Nanoseconds to add, after `acts` has found `Delay`. */
  delayNs = 0;
  /** The packet to wait for, after `acts` has found `Hold`. */
  until = 0;
  readonly #segments: Segment[];
  #at = 0;

  constructor(line: ScriptLine) {
    this.#segments = segments(line);
  }

  /** What the script does to packet n, as bits of {@link ScriptAct}; 0 where it does not name it. */
  acts(n: number): number {
    let segment = this.#segments[this.#at];
    while (segment !== undefined && segment.to < n) segment = this.#segments[++this.#at];
    if (segment === undefined || segment.from > n) return 0;
    this.delayNs = segment.delayNs;
    this.until = segment.until;
    return segment.acts;
  }
}

function segments(line: ScriptLine): Segment[] {
  const hold = line.hold.map(({ packet, until }) => ({ from: packet, to: packet, until }));
  const parts: (PacketRange & Partial<Segment> & { act: ScriptAct })[] = [
    ...line.lose.map((range) => ({ ...range, act: ScriptAct.Lose })),
    ...line.duplicate.map((range) => ({ ...range, act: ScriptAct.Duplicate })),
    ...line.corrupt.map((range) => ({ ...range, act: ScriptAct.Corrupt })),
    ...line.delay.map(({ from, to, ns }) => ({ from, to, delayNs: ns, act: ScriptAct.Delay })),
    ...hold.map((range) => ({ ...range, act: ScriptAct.Hold })),
  ];
  // Wherever a range begins or has ended, the fate may change.
  const cuts = [...new Set(parts.flatMap(({ from, to }) => [from, to + 1]))].sort((a, b) => a - b);
  return cuts.flatMap((from, index) => {
    const segment: Segment = {
      from,
      to: (cuts[index + 1] ?? from + 1) - 1,
      acts: 0,
      delayNs: 0,
      until: 0,
    };
    for (const part of parts) {
      if (part.from > from || part.to < from) continue;
      segment.acts |= part.act;
      segment.delayNs += part.delayNs ?? 0;
      segment.until = part.until ?? segment.until;
    }
    return segment.acts === 0 ? [] : [segment];
  });
}
