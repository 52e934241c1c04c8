/**
 * The states of a connection's two ends (RFC 9293 3.3.2), as the packets imply them.
 */
import type { Direction } from "../packet/mod.ts";
import type { Connection, End, FinTimes } from "./connection.ts";

/** A state of one end, by RFC 9293's names. */
export type TcpState =
  | "CLOSED"
  | "LISTEN"
  | "SYN-SENT"
  | "SYN-RECEIVED"
  | "ESTABLISHED"
  | "FIN-WAIT-1"
  | "FIN-WAIT-2"
  | "CLOSE-WAIT"
  | "CLOSING"
  | "LAST-ACK"
  | "TIME-WAIT";

/** The states of both ends from a moment on. */
export interface StateStep {
  /** Microseconds since `begin`; null for how it was before. */
  at_us: number | null;
  client: TcpState;
  server: TcpState;
  /** What happened, in a few words; empty before anything has. */
  event: string;
}

/** How long Linux keeps an end in TIME-WAIT, in microseconds: TCP_TIMEWAIT_LEN, where RFC 9293 says twice the MSL. */
export const TIME_WAIT_US = 60_000_000;

/** Something that may move an end on. */
interface Step {
  at_us: number | null;
  end: End;
  event: string;
  /** What it makes of a state; the same where it changes nothing. */
  next: (state: TcpState) => TcpState;
}

/** Every change of the two ends' states, in order. Of the server, the state is that of the socket of this connection. */
export function connectionStates(connection: Connection): StateStep[] {
  const { joined, refused } = connection;
  const start: StateStep = joined
    ? { at_us: null, client: "ESTABLISHED", server: "ESTABLISHED", event: "open before the record" }
    : { at_us: null, client: "CLOSED", server: refused ? "CLOSED" : "LISTEN", event: "" };
  const steps = [start];
  for (const step of stepsOf(connection)) {
    const last = steps.at(-1)!;
    const state = step.next(last[step.end]);
    if (state === last[step.end]) continue;
    const { at_us, event } = step;
    // One segment may be FIN and ACK: what it does to an end is one step.
    if (last.at_us === at_us && last.event !== "") {
      steps[steps.length - 1] = {
        ...last,
        [step.end]: state,
        event: `${last.event}; ${event}`,
      };
    } else steps.push({ ...last, at_us, event, [step.end]: state });
  }
  return steps;
}

/** What may happen to a connection, by time; of one time, in the order in which one thing leads to the next. */
function stepsOf({ refused, times }: Connection): Step[] {
  const { fin, reset } = times;
  const steps = [
    opening(times.syn_sent_us, "client", "client sends SYN", ["CLOSED", "SYN-SENT"]),
    opening(times.syn_arrived_us, "server", "SYN reaches server", ["LISTEN", "SYN-RECEIVED"]),
    opening(
      times.synack_arrived_us,
      "client",
      "SYN ACK reaches client",
      ["SYN-SENT", "ESTABLISHED"],
    ),
    opening(times.ack_arrived_us, "server", "ACK reaches server", ["SYN-RECEIVED", "ESTABLISHED"]),
    ...closing("up", fin.up, fin.down),
    ...closing("down", fin.down, fin.up),
    ...(reset === null || refused ? [] : resetting(reset)),
  ];
  const own = refused
    ? steps.filter(({ end }) => end === "client").concat(resetting(reset!, "client"))
    : steps;
  return own.filter((step) => step.at_us !== null).sort((a, b) => a.at_us! - b.at_us!);
}

function opening(
  at_us: number | null,
  end: End,
  event: string,
  [from, to]: [TcpState, TcpState],
): Step {
  return { at_us, end, event, next: (state) => state === from ? to : state };
}

const ON_CLOSE: Partial<Record<TcpState, TcpState>> = {
  "SYN-RECEIVED": "FIN-WAIT-1",
  ESTABLISHED: "FIN-WAIT-1",
  "CLOSE-WAIT": "LAST-ACK",
};
const ON_FIN: Partial<Record<TcpState, TcpState>> = {
  "SYN-RECEIVED": "CLOSE-WAIT",
  ESTABLISHED: "CLOSE-WAIT",
  "FIN-WAIT-1": "CLOSING",
  "FIN-WAIT-2": "TIME-WAIT",
};
const ON_FIN_ACKED: Partial<Record<TcpState, TcpState>> = {
  "FIN-WAIT-1": "FIN-WAIT-2",
  CLOSING: "TIME-WAIT",
  "LAST-ACK": "CLOSED",
};

/**
 * What a FIN moves. Where the times of sending and arriving are a hair's breadth apart, the link cannot tell which came
 * first at an end; what the FINs acknowledge can.
 */
function closing(dir: Direction, fin: FinTimes, other: FinTimes): Step[] {
  const [near, far]: [End, End] = dir === "up" ? ["client", "server"] : ["server", "client"];
  const by = (moves: Partial<Record<TcpState, TcpState>>) => (state: TcpState) =>
    moves[state] ?? state;
  return [
    {
      at_us: fin.knows ? later(fin.sent_us, other.arrived_us) : fin.sent_us,
      end: near,
      event: `${near} sends FIN`,
      next: by(ON_CLOSE),
    },
    { at_us: fin.acked_us, end: near, event: `ACK of it reaches ${near}`, next: by(ON_FIN_ACKED) },
    {
      at_us: other.knows ? fin.arrived_us : later(fin.arrived_us, other.sent_us),
      end: far,
      event: `FIN reaches ${far}`,
      next: by(ON_FIN),
    },
  ];
}

function resetting(
  { dir, sent_us, arrived_us }: NonNullable<Connection["times"]["reset"]>,
  only?: End,
): Step[] {
  const [near, far]: [End, End] = dir === "up" ? ["client", "server"] : ["server", "client"];
  const steps: Step[] = [
    { at_us: sent_us, end: near, event: `${near} sends RST`, next: () => "CLOSED" },
    { at_us: arrived_us, end: far, event: `RST reaches ${far}`, next: () => "CLOSED" },
  ];
  return steps.filter(({ end }) => only === undefined || end === only);
}

/** The later of two times, where both are known; else the first. */
function later(time: number | null, other: number | null): number | null {
  return time === null || other === null ? time : Math.max(time, other);
}
