/**
 * The memory that a driver shares with its thread. A link that changes its driver with every run would leave four
 * megabytes behind each time, for the garbage collector knows little of them: they are used again instead.
 */
import { createMailbox } from "./mailbox.ts";
import { createRing } from "./ring.ts";

const ringBytes = 4 * 1024 * 1024;

/** A ring for records and answers, and a mailbox for commands. */
export interface SharedMemory {
  ring: SharedArrayBuffer;
  mailbox: SharedArrayBuffer;
}

/** What waits to be used again: two at the most, for no more drivers are there at once. */
const spare: SharedMemory[] = [];

/** Memory as good as new. */
export function takeMemory(): SharedMemory {
  const memory = spare.pop();
  if (memory === undefined) return { ring: createRing(ringBytes), mailbox: createMailbox() };
  // All else in them is read only after it was written.
  for (const part of [memory.ring, memory.mailbox]) new Int32Array(part, 0, 4).fill(0);
  return memory;
}

/** Gives memory back, once, that neither a driver nor a thread uses any more. */
export function giveMemory({ ring, mailbox }: SharedMemory): void {
  if (spare.length < 2) spare.push({ ring, mailbox });
}
