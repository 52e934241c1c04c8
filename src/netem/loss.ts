/** The two loss models with a memory, one step a packet. Chances are 32-bit. */
import { CERTAIN, chanceOf } from "./chance.ts";
import type { GilbertElliottLoss, StateLoss } from "./profile.ts";
import type { Taus113 } from "./random.ts";

/** A loss model that carries a state from packet to packet. */
export interface LossModel {
  /** Draws for one packet; true where it is lost. */
  lose(random: Taus113): boolean;
}

const enum Place {
  Gap,
  GapLoss,
  Burst,
  BurstLoss,
}

/**
 * The four states of Salsano, Ludovici, Ordine: good, an isolated loss, good within a burst, loss
 * within a burst. One draw a packet.
 */
export class FourStateLoss implements LossModel {
  #place = Place.Gap;
  readonly #toGapLoss: number;
  readonly #gapSum: number;
  readonly #burstToLoss: number;
  readonly #lossToBurst: number;
  readonly #lossSum: number;

  constructor(loss: StateLoss) {
    const p13 = chanceOf(loss.p13);
    const p31 = loss.p31 === undefined ? CERTAIN - p13 : chanceOf(loss.p31);
    const p32 = chanceOf(loss.p32 ?? 0);
    const p14 = chanceOf(loss.p14 ?? 0);
    this.#toGapLoss = p14;
    this.#burstToLoss = chanceOf(loss.p23 ?? 100);
    this.#lossToBurst = p32;
    // The kernel adds these in 32 bits; chances of more than 100 % together wrap.
    this.#gapSum = (p13 + p14) >>> 0;
    this.#lossSum = (p31 + p32) >>> 0;
  }

  lose(random: Taus113): boolean {
    const draw = random.next();
    switch (this.#place) {
      case Place.Gap:
        if (draw < this.#toGapLoss) {
          this.#place = Place.GapLoss;
          return true;
        }
        // A draw equal to a bound belongs to neither side of it.
        if (draw > this.#toGapLoss && draw < this.#gapSum) {
          this.#place = Place.BurstLoss;
          return true;
        }
        return false;
      case Place.Burst:
        if (draw >= this.#burstToLoss) return false;
        this.#place = Place.BurstLoss;
        return true;
      case Place.BurstLoss:
        if (draw < this.#lossToBurst) {
          this.#place = Place.Burst;
          return false;
        }
        if (draw > this.#lossToBurst && draw < this.#lossSum) {
          this.#place = Place.Gap;
          return false;
        }
        return draw > this.#lossSum;
      case Place.GapLoss:
        this.#place = Place.Gap;
        return false;
    }
  }
}

/** Gilbert and Elliott's good and bad state. Two draws a packet: the transition, then the loss. */
export class TwoStateLoss implements LossModel {
  #bad = false;
  readonly #toBad: number;
  readonly #toGood: number;
  readonly #passInBad: number;
  readonly #lossInGood: number;

  constructor(loss: GilbertElliottLoss) {
    const p = chanceOf(loss.p);
    this.#toBad = p;
    this.#toGood = loss.r === undefined ? CERTAIN - p : chanceOf(loss.r);
    this.#passInBad = CERTAIN - chanceOf(loss.lossInBad ?? 100);
    this.#lossInGood = chanceOf(loss.lossInGood ?? 0);
  }

  lose(random: Taus113): boolean {
    // Which state's loss applies is settled before the transition of this packet.
    const wasBad = this.#bad;
    const transition = random.next();
    const draw = random.next();
    if (wasBad) {
      if (transition < this.#toGood) this.#bad = false;
      return draw > this.#passInBad;
    }
    if (transition < this.#toBad) this.#bad = true;
    return draw < this.#lossInGood;
  }
}
