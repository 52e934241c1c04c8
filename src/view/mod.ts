/**
 * Pictures of what happened: the ladder of an exchange, as rows and as text. Pure; runs in a browser.
 * @module
 */
export { ladderRows } from "./ladder_rows.ts";
export type {
  LadderBreakRow,
  LadderLayout,
  LadderPacketRow,
  LadderRow,
  LadderTone,
} from "./ladder_rows.ts";
export { ladderText } from "./ladder_text.ts";
export type { LadderTextOptions } from "./ladder_text.ts";
export { fateFigures } from "./fate_figures.ts";
export type { FateFigures, FateKind, LossRun } from "./fate_figures.ts";
export { fateText } from "./fate_text.ts";
export type { FateTextOptions } from "./fate_text.ts";
