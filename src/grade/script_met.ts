/** Whether what a script names has happened. Pure. */
import type { Direction, PacketEvent } from "../packet/mod.ts";
import type { Script, ScriptLine } from "../netem/mod.ts";

/** What a script said that did not happen. */
export interface Unmet {
  dir: Direction;
  /** `packet 4 towards the server was to be lost`. */
  text: string;
  /** Whether the packet came at all. */
  came: boolean;
}

const WORDS = {
  lose: "lost",
  duplicate: "doubled",
  corrupt: "damaged",
  delay: "delayed",
  hold: "held back",
} as const;

/** Returns what did not happen, in the order of the script. */
export function unmetOf(script: Script, packets: readonly PacketEvent[]): Unmet[] {
  return (["up", "down"] as const).flatMap((dir) => {
    const byNumber = new Map(packets.filter((one) => one.dir === dir).map((one) => [one.n, one]));
    const way = dir === "up" ? "server" : "client";
    return acts(script[dir]).filter(({ n, act }) => !happened(act, byNumber.get(n)))
      .map(({ n, act }) => ({
        dir,
        text: `packet ${n} towards the ${way} was to be ${WORDS[act]}`,
        came: byNumber.has(n),
      }));
  });
}

type Act = keyof ScriptLine;

function acts(line: ScriptLine): { n: number; act: Act }[] {
  const ranges = (["lose", "duplicate", "corrupt", "delay"] as const).flatMap((act) =>
    line[act].flatMap(({ from, to }) =>
      Array.from({ length: to - from + 1 }, (_, i) => ({ n: from + i, act }))
    )
  );
  return [...ranges, ...line.hold.map(({ packet }) => ({ n: packet, act: "hold" as const }))];
}

function happened(act: Act, packet: PacketEvent | undefined): boolean {
  if (packet === undefined) return false;
  switch (act) {
    case "lose":
      return packet.copies.length === 0;
    case "duplicate":
      return packet.copies.length > 1;
    case "corrupt":
      return packet.copies.some(({ corrupted }) => corrupted);
    case "delay":
    case "hold":
      // The check may have ended before its time had come.
      return packet.copies.length > 0 || packet.cause === "end";
  }
}
