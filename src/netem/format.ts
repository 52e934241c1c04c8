/** Writes a profile as tc-netem(8) reads it. */
import { DEFAULT_LIMIT, type LossOption, type Profile, type SlotOption } from "./profile.ts";
import { percentText, rateText, timeText } from "./units.ts";

/**
 * The canonical text of a profile: one order of words, units on every number, defaults left out.
 * `parseProfile` reads it back to the same profile; tc from 6.6 on reads it too. The perfect wire
 * is the empty text.
 *
 * @example
 * ```ts
 * formatProfile(parseProfile("loss 10 delay 100000")); // "delay 100ms loss 10%"
 * ```
 */
export function formatProfile(profile: Profile): string {
  const words: string[] = [];
  const { delay, loss, corrupt, duplicate, reorder, rate, slot, seed } = profile;
  if (profile.limit !== DEFAULT_LIMIT) words.push(`limit ${profile.limit}`);
  if (delay !== undefined) {
    words.push(`delay ${timeText(delay.ns)}`);
    if (delay.jitterNs > 0) words.push(timeText(delay.jitterNs), ...correlation(delay.correlation));
    if (delay.distribution !== undefined) words.push(`distribution ${delay.distribution}`);
  }
  if (loss !== undefined) words.push(lossText(loss));
  if (profile.ecn) words.push("ecn");
  if (corrupt !== undefined) {
    words.push(`corrupt ${percentText(corrupt.percent)}`, ...correlation(corrupt.correlation));
  }
  if (duplicate !== undefined) {
    words.push(
      `duplicate ${percentText(duplicate.percent)}`,
      ...correlation(duplicate.correlation),
    );
  }
  if (reorder !== undefined) {
    words.push(`reorder ${percentText(reorder.percent)}`, ...correlation(reorder.correlation));
    if (reorder.gap !== 1) words.push(`gap ${reorder.gap}`);
  }
  if (rate !== undefined) {
    const extras = [rate.overhead, rate.cellSize, rate.cellOverhead];
    while (extras.length > 0 && extras.at(-1) === 0) extras.pop();
    words.push(`rate ${rateText(rate.bytesPerSecond)}`, ...extras.map(String));
  }
  if (slot !== undefined) words.push(slotText(slot));
  if (seed !== undefined) words.push(`seed ${seed}`);
  return words.join(" ");
}

function correlation(percent: number): string[] {
  return percent > 0 ? [percentText(percent)] : [];
}

function lossText(loss: LossOption): string {
  switch (loss.kind) {
    case "random":
      return ["loss", percentText(loss.percent), ...correlation(loss.correlation)].join(" ");
    case "state":
      return `loss state ${percents([loss.p13, loss.p31, loss.p32, loss.p23, loss.p14])}`;
    case "gemodel":
      return `loss gemodel ${percents([loss.p, loss.r, loss.lossInBad, loss.lossInGood])}`;
  }
}

/** The values up to the first that is left to its default. */
function percents(values: (number | undefined)[]): string {
  const end = values.indexOf(undefined);
  const given = end < 0 ? values : values.slice(0, end);
  return given.map((value) => percentText(value ?? 0)).join(" ");
}

function slotText(slot: SlotOption): string {
  const words = ["slot"];
  if (slot.kind === "distribution") {
    words.push(
      "distribution",
      slot.distribution,
      timeText(slot.delayNs),
      timeText(slot.jitterNs),
    );
  } else {
    words.push(timeText(slot.minNs));
    if (slot.maxNs !== slot.minNs) words.push(timeText(slot.maxNs));
  }
  if (slot.packets > 0) words.push(`packets ${slot.packets}`);
  if (slot.bytes > 0) words.push(`bytes ${slot.bytes}`);
  return words.join(" ");
}
