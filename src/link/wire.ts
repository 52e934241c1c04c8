/**
 * What the packet thread holds of a run: each direction's model, and the packets inside.
 */
import { Netem, parseProfile } from "../netem/mod.ts";
import { Slots } from "./slots.ts";

/** The directions, as indices. */
export const up = 0, down = 1;

/** Both directions of the link. */
export class Wire {
  readonly models: [up: Netem, down: Netem];
  /** The packets that are inside, by the models' tokens. */
  readonly slots: Slots;
  /** When the run began, in nanoseconds of the thread's clock. */
  began: number;

  /** @param slotSize Bytes of the largest packet. */
  constructor(slotSize: number, now: number) {
    this.models = [new Netem(parseProfile("")), new Netem(parseProfile(""))];
    this.slots = new Slots(slotSize);
    this.began = now;
  }

  /** One copy fewer is inside; after the last the slot is free. */
  forget(slot: number): void {
    if (--this.slots.references[slot]! === 0) this.slots.give(slot);
  }
}
