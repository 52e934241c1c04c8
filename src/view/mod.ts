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
