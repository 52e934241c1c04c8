/**
 * Grading: checks, what they work with, and what they came to.
 * @module
 */
export { defineChecks } from "./check.ts";
export type {
  Bench,
  Bytes,
  Check,
  ClientOptions,
  Datagram,
  Datagrams,
  Listener,
  Random,
  StartOptions,
  Stream,
  TcpState,
  TestedClient,
  TestedProgram,
  Verdict,
} from "./check.ts";
export { type DateReading, readDates } from "./date_text.ts";
