/**
 * The states of a connection's two ends as a table, and what they come to.
 */
import type { SocketStates } from "../link/mod.ts";
import { firstToClose } from "./connection_lines.ts";
import { connectionStates, TIME_WAIT_US } from "./connection_states.ts";
import type { Connection, End } from "./connection.ts";

/** The table of one connection: a line for each change, with when and why. */
export function stateTable(connection: Connection): string[] {
  const cells = [
    ["", "client", "server", ""],
    ...connectionStates(connection).map(({ at_us, client, server, event }) => [
      at_us === null ? "" : `${(at_us / 1000).toFixed(1)} ms`,
      client,
      server,
      event,
    ]),
  ];
  const widths = cells[0]!.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  return cells.map((row) =>
    row.map((text, i) => i === 0 ? text.padStart(widths[i]!) : text.padEnd(widths[i]!))
      .join("  ").trimEnd()
  );
}

/** What the states of all connections come to: who waits in TIME-WAIT and why, and who has not closed. */
export function stateSummary(connections: readonly Connection[]): string[] {
  const last = connections.map((connection) => ({
    ...connectionStates(connection).at(-1)!,
    at_once: firstToClose(connection) === "both",
  }));
  const lines: string[] = [];
  for (const end of ["client", "server"] as const) {
    const waiting = last.filter((step) => step[end] === "TIME-WAIT");
    const at_once = waiting.filter((step) => step.at_once).length;
    if (waiting.length > 0) lines.push(timeWaitWords(end, waiting.length, at_once));
  }
  if (lines.length > 0) {
    lines.push(
      `           for ${
        TIME_WAIT_US / 1e6
      } s, lest a segment that comes late be taken for one of a`,
      "           new connection between the same two ports",
    );
  }
  for (const end of ["client", "server"] as const) {
    const count = last.filter((step) => step[end] === "CLOSE-WAIT").length;
    if (count > 0) lines.push(closeWaitWords(end, count));
  }
  return lines;
}

function timeWaitWords(end: End, count: number, at_once: number): string {
  const why = at_once === 0
    ? "which closed first"
    : at_once === count
    ? "as both closed at once"
    : `which closed first (${at_once} of them at once with the other)`;
  return `TIME-WAIT  ${count} at the ${end}, ${why}`;
}

function closeWaitWords(end: End, count: number): string {
  const other = end === "client" ? "server" : "client";
  return `CLOSE-WAIT ${count} at the ${end}, which knows that the ${other} has closed, and has not closed itself`;
}

/** The order of a connection's life, and RFC 9293's names for the kernel's. */
const NAMES: readonly (readonly [keyof SocketStates, string])[] = [
  ["LISTEN", "LISTEN"],
  ["SYN_SENT", "SYN-SENT"],
  ["SYN_RECV", "SYN-RECEIVED"],
  ["ESTABLISHED", "ESTABLISHED"],
  ["FIN_WAIT1", "FIN-WAIT-1"],
  ["FIN_WAIT2", "FIN-WAIT-2"],
  ["CLOSE_WAIT", "CLOSE-WAIT"],
  ["CLOSING", "CLOSING"],
  ["LAST_ACK", "LAST-ACK"],
  ["TIME_WAIT", "TIME-WAIT"],
];

/** Sockets counted by state, in one line: `1 LISTEN, 2 TIME-WAIT`; `none` without any. */
export function socketText(states: SocketStates): string {
  const counted = NAMES.flatMap(([key, name]) => {
    const count = states[key] ?? 0;
    return count === 0 ? [] : [`${count} ${name}`];
  });
  return counted.length === 0 ? "none" : counted.join(", ");
}
