/**
 * The network's impairments: the grammar of profiles and scripts, the model that decides each
 * packet's fate as the kernel's netem does, and the foretelling of those fates.
 *
 * Pure: no clock, no files, no Deno. The words are tc-netem(8)'s.
 *
 * @module
 */
export { ProfileError } from "./error.ts";
export {
  type Chance,
  DEFAULT_LIMIT,
  type DelayOption,
  DISTRIBUTION_NAMES,
  type DistributionName,
  type GilbertElliottLoss,
  type LossOption,
  perfectWire,
  type Profile,
  type RandomLoss,
  type RateOption,
  type ReorderOption,
  type SlotOption,
  type StateLoss,
} from "./profile.ts";
export { parseProfile, profileNotes } from "./parse.ts";
export { formatProfile } from "./format.ts";
export {
  emptyScriptLine,
  isEmptyScriptLine,
  type PacketRange,
  type Script,
  type ScriptLine,
} from "./script.ts";
export { formatScript, formatScriptLine, parseScript, parseScriptLine } from "./script_text.ts";
export { type ResolvedSeeds, resolveSeeds, type SeedRequest, withSeed } from "./seeds.ts";
export { distributionTable, type DistributionTables, parseDistribution } from "./distribution.ts";
export type { NetemCounts } from "./counts.ts";
export { Netem, NetemCause, type NetemOptions } from "./netem.ts";
export { foretell, type ForetellOptions, type Foretold } from "./foretell.ts";
