/**
 * The line for each thing that happens to a connection.
 */
import type { Direction } from "../packet/mod.ts";
import type { Again, Connection, ConnectionNotice, End, Loss } from "./connection.ts";
import type { LineOptions } from "./report_lines.ts";

const GREEN = 32, RED = 31, YELLOW = 33, MAGENTA = 35;

/** One line, without its end, for what has become known of a connection. It begins with the connection's number. */
export function connectionLine(notice: ConnectionNotice, options: LineOptions = {}): string {
  const { digits = 2, colour = false } = options;
  const [text, code] = words(notice);
  const { number, client } = notice.connection;
  const said = colour ? `\x1b[${code}m${text}\x1b[0m` : text;
  return `${String(number).padStart(digits)}  ${options.showClient ? `${client}  ` : ""}${said}`;
}

function words(notice: ConnectionNotice): [string, number] {
  const { connection } = notice;
  const { times } = connection;
  switch (notice.kind) {
    case "opened":
      return [`opened after ${ms(times.synack_arrived_us! - times.syn_sent_us!)}`, GREEN];
    case "refused":
      return ["refused by the server: nothing listens on its port", RED];
    case "answered":
      return [`request of ${amount(notice.bytes)} answered after ${ms(notice.trip_us)}`, GREEN];
    case "lost":
      return [lossWords(notice.dir, notice.loss), notice.loss.cause === null ? MAGENTA : RED];
    case "again":
      return [againWords(notice.dir, notice.again), YELLOW];
    case "closed":
      return [closeWords(connection), GREEN];
    case "reset":
      return [`reset by the ${sender(times.reset!.dir)}`, RED];
    case "left":
      return [leftWords(connection), YELLOW];
  }
}

function lossWords(dir: Direction, loss: Loss): string {
  const what = loss.kind === "data" ? amount(loss.bytes) : loss.kind;
  const way = `on the way to the ${dir === "up" ? "server" : "client"}`;
  if (loss.cause === "end") return `${what} still ${way} when the run ended`;
  const how = loss.cause === null ? "damaged" : "lost";
  const again = loss.again_us === null
    ? "not sent again before the end"
    : `sent again after ${ms(loss.again_us - loss.sent_us)}`;
  return `${what} ${how} ${way}${why(loss)}, ${again}`;
}

function why({ cause }: Loss): string {
  if (cause === "script") return " (by the script)";
  return cause === "limit" ? " (queue full)" : "";
}

function againWords(dir: Direction, { kind, bytes, after_us, why }: Again): string {
  const what = kind === "data" ? amount(bytes) : kind;
  const to = dir === "up" ? "server" : "client";
  return `${what} sent again to the ${to} after ${ms(after_us)}: ${AGAIN_WHY[why]}`;
}

const AGAIN_WHY: Record<Again["why"], string> = {
  "under way": "the first was still on its way",
  "ack lost": "the ACK was lost",
  "ack under way": "no ACK had come yet",
};

/** Which end closed first: the one whose FIN does not answer the other's. Null where neither has closed. */
export function firstToClose({ times: { fin: { up, down } } }: Connection): End | "both" | null {
  if (up.sent_us === null || up.knows) return down.sent_us === null ? null : "server";
  return down.sent_us === null || down.knows ? "client" : "both";
}

function closeWords(connection: Connection): string {
  const first = firstToClose(connection);
  const { up, down } = connection.times.fin;
  if (first === "both") return `closed by both at once${untold(connection)}`;
  const [near, far, other] = first === "client" ? [up, down, "server"] : [down, up, "client"];
  const after = Math.max(0, far.sent_us! - near.arrived_us!);
  // Within a millisecond it has closed because the other has.
  const then = after < 1000 ? "" : ` ${ms(after)} later`;
  const more = connection.bytes_after_fin;
  const how = more > 0
    ? `closed by the ${first} first; the ${other} sent ${amount(more)} more, and closed${then}`
    : `closed by the ${first} first, then by the ${other}${then}`;
  return how + untold(connection);
}

/** The data of a connection of which no request was told. */
function untold({ bytes, trips_us }: Connection): string {
  if (trips_us.length > 0 || bytes.up + bytes.down === 0) return "";
  return `; ${amount(bytes.up)} up, ${amount(bytes.down)} down`;
}

function leftWords(connection: Connection): string {
  const { joined, times } = connection;
  if (!joined && times.synack_sent_us === null) {
    return times.syn_arrived_us === null
      ? "not opened: no SYN reached the server"
      : "not opened: the server did not answer the SYN";
  }
  if (!joined && times.synack_arrived_us === null) {
    return "not opened: no SYN ACK reached the client";
  }
  const first = firstToClose(connection);
  if (first === null) return "still open when the run ended";
  const { up, down } = times.fin;
  if (first === "both" || (up.sent_us !== null && down.sent_us !== null)) {
    return "still closing when the run ended";
  }
  const other = first === "client" ? "server" : "client";
  return (first === "client" ? up : down).arrived_us === null
    ? `closed by the ${first}, of which the ${other} did not hear before the run ended`
    : `closed by the ${first} only: the ${other} has not closed its side`;
}

function sender(dir: Direction): End {
  return dir === "up" ? "client" : "server";
}

/** So many bytes, in words. */
export function amount(bytes: number): string {
  return plural(bytes, "byte");
}

/** So many of something, in words: `1 byte`, `2,000 bytes`. */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

function ms(us: number): string {
  return `${(us / 1000).toFixed(1)} ms`;
}
