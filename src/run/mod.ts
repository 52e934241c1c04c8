/**
 * One run told: its exchanges, its summary, the text that a user reads, its artifacts.
 * @module
 */
export type { Datagram } from "./datagram.ts";
export type { Exchange, ExchangeNotice, ExchangeOutcome } from "./exchange.ts";
export { Exchanges } from "./exchanges.ts";
export type { ExchangesOptions } from "./exchanges.ts";
export { firstWrong, isWrong, packetsAround } from "./first_wrong.ts";
export { noticeLine } from "./report_lines.ts";
export type { LineOptions } from "./report_lines.ts";
export { linkTable, pingStatistics } from "./report_statistics.ts";
export type { AskedAndCounted } from "./report_statistics.ts";
export { buildSummary } from "./summary.ts";
export type { Summary, SummaryCounts, SummaryFacts, SummaryRoundTrips } from "./summary.ts";
export { roundTrips, tallyExchanges } from "./tally.ts";
export type { RoundTrips, Tally } from "./tally.ts";
export { Artifacts, folderName } from "./artifacts.ts";
export { readLines, visible } from "./lines.ts";
export { runPlan } from "./runner.ts";
export type { RunOutcome, RunPlan, Speaker } from "./runner.ts";
export { describeEarlyEnd, describeElsewhere, ProgramError, serve } from "./serve.ts";
export type { ServeOptions, Serving } from "./serve.ts";
