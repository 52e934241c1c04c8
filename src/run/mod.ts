/**
 * One run told: its exchanges, its connections, its summary, the text that a user reads, its artifacts.
 * @module
 */
export type { Datagram } from "./datagram.ts";
export type { Exchange, ExchangeNotice, ExchangeOutcome } from "./exchange.ts";
export { Exchanges } from "./exchanges.ts";
export type { ExchangesOptions } from "./exchanges.ts";
export type {
  Again,
  Connection,
  ConnectionNotice,
  ConnectionTimes,
  End,
  FinTimes,
  Loss,
  SegmentKind,
} from "./connection.ts";
export { connectionLine, firstToClose } from "./connection_lines.ts";
export { ConnectionTeller } from "./connection_teller.ts";
export { connectionStates } from "./connection_states.ts";
export type { StateStep, TcpState } from "./connection_states.ts";
export { connectionStatistics, tallyConnections } from "./connection_tally.ts";
export type { ConnectionTally } from "./connection_tally.ts";
export { Connections } from "./connections.ts";
export type { ConnectionsOptions } from "./connections.ts";
export { DatagramTeller } from "./datagram_teller.ts";
export { socketText } from "./state_table.ts";
export type { Picture, PictureOptions, Teller } from "./teller.ts";
export { firstWrong, isWrong, packetsAround } from "./first_wrong.ts";
export { noticeLine } from "./report_lines.ts";
export type { LineOptions } from "./report_lines.ts";
export { linkTable, pingStatistics } from "./report_statistics.ts";
export type { AskedAndCounted } from "./report_statistics.ts";
export { type Compared, comparisonTable } from "./comparison.ts";
export { countAnswered } from "./answered.ts";
export { connectionWaits, waitsOf } from "./waits.ts";
export { buildSummary } from "./summary.ts";
export type {
  RunRecord,
  Summary,
  SummaryConnections,
  SummaryCounts,
  SummaryFacts,
  SummaryRoundTrips,
} from "./summary.ts";
export { roundTrips, tallyExchanges } from "./tally.ts";
export type { RoundTrips, Tally } from "./tally.ts";
export { Artifacts, folderName } from "./artifacts.ts";
export { endingText, lastWord } from "./ending.ts";
export { readLines, visible } from "./lines.ts";
export { runPlan } from "./runner.ts";
export type { RunOutcome, RunPlan, Speaker } from "./runner.ts";
export { describeEarlyEnd, describeElsewhere, ProgramError, serve } from "./serve.ts";
export type { ServeOptions, Serving } from "./serve.ts";
