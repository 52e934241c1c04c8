/**
 * The line for each datagram: what became of it.
 */
import type { Cause } from "../packet/mod.ts";
import type { Exchange, ExchangeNotice } from "./exchange.ts";

/** How to write the lines. */
export interface LineOptions {
  /** Digits that the numbers are aligned for. Default 3. */
  digits?: number;
  /** The client's time limit in milliseconds, named beside late answers. Default 1000. */
  timeoutMs?: number;
  /** Name the client in each line, for runs with several. Default false. */
  showClient?: boolean;
  /** Colour with ANSI codes. Default false. */
  colour?: boolean;
}

const GREEN = 32, RED = 31, YELLOW = 33, MAGENTA = 35;

/** One line, without its end, for what has become known of a datagram. */
export function noticeLine(notice: ExchangeNotice, options: LineOptions = {}): string {
  const { digits = 3, colour = false } = options;
  const [text, code] = words(notice, options.timeoutMs ?? 1000);
  const number = notice.kind === "stray" ? "-" : String(notice.exchange.number);
  const client = notice.kind === "stray" ? notice.datagram.dst : notice.exchange.client;
  const said = colour ? `\x1b[${code}m${text}\x1b[0m` : text;
  return `${number.padStart(digits)}  ${options.showClient ? `${client}  ` : ""}${said}`;
}

function words(notice: ExchangeNotice, timeoutMs: number): [string, number] {
  switch (notice.kind) {
    case "duplicate":
      return [`duplicate answer after ${milliseconds(notice.rtt_us)}`, YELLOW];
    case "stray":
      return ["the server sent a datagram that answers no request", YELLOW];
    case "overtaken":
      return ["overtaken: its answer came after the answer to a later request", YELLOW];
    case "settled":
    case "answered_after_all":
      return outcomeWords(notice.exchange, timeoutMs);
  }
}

function outcomeWords(exchange: Exchange, timeoutMs: number): [string, number] {
  const { cause } = exchange;
  switch (exchange.outcome) {
    case "answered":
      return answeredWords(exchange, timeoutMs);
    case "lost_up":
      return cause === "end"
        ? ["still on its way to the server when the run ended", RED]
        : [`lost on the way to the server${why(cause)}`, RED];
    case "lost_down":
      return cause === "end"
        ? ["answer still on its way back when the run ended", RED]
        : [`answer lost on the way back${why(cause)}`, RED];
    case "corrupted_up":
      return ["damaged on the way to the server, dropped there by its checksum", MAGENTA];
    case "corrupted_down":
      return ["answer damaged on the way back, dropped there by its checksum", MAGENTA];
    case "unanswered":
    case null:
      return ["reached the server, which did not answer", RED];
  }
}

function answeredWords(exchange: Exchange, timeoutMs: number): [string, number] {
  const trip = milliseconds(exchange.rtt_us ?? 0);
  const doubled = exchange.requests_arrived > 1
    ? `, the server got it ${times(exchange.requests_arrived)}`
    : "";
  const overtaken = exchange.reordered ? ", after the answer to a later request" : "";
  const text = exchange.late
    ? `late: answered in ${trip}, the client waits ${timeoutMs} ms`
    : `answered in ${trip}`;
  const plain = !exchange.late && !doubled && !overtaken;
  return [text + overtaken + doubled, plain ? GREEN : YELLOW];
}

function times(count: number): string {
  return count === 2 ? "twice" : `${count} times`;
}

function why(cause: Cause | null): string {
  if (cause === "script") return " (by the script)";
  return cause === "limit" ? " (queue full)" : "";
}

/** Padded so that the points stand in one column up to 9,999 ms. */
function milliseconds(us: number): string {
  return `${(us / 1000).toFixed(1).padStart(6)} ms`;
}
