/** From a container's exit status to how its program ended. Pure. */
import { lackOfMemory } from "../sandbox/memory_kills.ts";
import type { ProgramExit } from "../program.ts";
import type { ContainerEnd } from "./events.ts";
import { MEMORY } from "./containers.ts";

/** Signals by their numbers on Linux (signal(7)), as far as programs end by them. */
const SIGNALS: Readonly<Record<number, string>> = {
  1: "SIGHUP",
  2: "SIGINT",
  3: "SIGQUIT",
  4: "SIGILL",
  5: "SIGTRAP",
  6: "SIGABRT",
  7: "SIGBUS",
  8: "SIGFPE",
  9: "SIGKILL",
  11: "SIGSEGV",
  13: "SIGPIPE",
  14: "SIGALRM",
  15: "SIGTERM",
};

/**
 * Returns how a program ended. The first process of its container passes a signal on as 128 and the signal's number, as
 * shells do: a program that ends with such a status by itself cannot be told from one that a signal ended.
 */
export function exitOf(
  { code, memory }: ContainerEnd,
  limit: number = MEMORY,
): ProgramExit {
  const signal = SIGNALS[code - 128] ?? null;
  if (!memory || signal !== "SIGKILL") return { code, signal };
  return { code, signal, why: lackOfMemory(limit) };
}
