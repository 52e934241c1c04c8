/** What the bench asks of a peer, and what it answers; each travels in a frame. */

/**
 * How an operation ended that did not do what it should.
 *
 * - `refused`, `reset`, `end` of the stream, `unreachable`: what the other end or the way to it did
 * - `timeout`: nothing more came; `absent`: a client that was just started never came
 * - `flood`: more came than anybody keeps
 * - `gone`: its socket was closed by us meanwhile
 * - `other`: a fault of ours
 */
export type PeerFault =
  | "refused"
  | "reset"
  | "end"
  | "timeout"
  | "absent"
  | "unreachable"
  | "flood"
  | "gone"
  | "other";

/**
 * What a peer can do. Sockets have numbers that the bench gives them.
 *
 * - `connect`, `listen`, `accept`, `bind` make a socket; they answer with its addresses. The first to come to one that
 *   listens, or with `clientStarts` to one that is bound, has more time
 * - `send` writes the frame's bytes; `pour` too, and answers at its end with how many the kernel took
 * - `read` answers with bytes: so many, a line, all to the end; `close` waits for the end or a reset
 * - `shut` ends our side, `close` both, `reset` aborts
 * - `to` sends a datagram, `receive` waits for one, `pending` takes those that have come
 * - `queue` waits until the kernel's queue of a connection is empty
 * - `sockets` lists those of TCP of the host, `timeWaits` counts those in TIME-WAIT, `address` tells its own
 * - `endLeft` ends what its connections from these ports have left at the other side
 * - `hurry` shortens all waits, `calm` lifts that; `clear` resets everything
 */
export type PeerRequest =
  | { op: "connect"; socket: number; host: string; port: number }
  | { op: "listen"; socket: number; port: number }
  | { op: "accept"; socket: number; as: number }
  | { op: "send"; socket: number }
  | { op: "pour"; socket: number }
  | { op: "read"; socket: number; until: "length"; length: number }
  | { op: "read"; socket: number; until: "line" | "end" | "close" }
  | { op: "shut" | "close" | "reset"; socket: number }
  | { op: "bind"; socket: number; port: number; clientStarts?: boolean }
  | { op: "to"; socket: number; host: string; port: number }
  | { op: "receive" | "pending"; socket: number }
  | { op: "queue"; which: "sent" | "unread"; local: string; remote: string; ticks: number }
  | { op: "sockets" | "address" | "timeWaits" }
  | { op: "endLeft"; host: string; port: number; ports: number[] }
  | { op: "hurry" | "calm" }
  | { op: "clear" };

/** A socket of TCP as the kernel lists it. */
export interface SocketEntry {
  local: string;
  remote: string;
  /** The kernel's number of the state, 1 to 11 (tcp_states.h). */
  state: number;
  /** Bytes sent that were not acknowledged yet. */
  sent: number;
  /** Bytes received that the program did not read yet. */
  unread: number;
}

/** What an answer may carry besides bytes. */
export interface PeerAnswer {
  local?: string;
  remote?: string;
  from?: string;
  /** `pour`. */
  taken?: number;
  /** `read` until `close`. */
  how?: "end" | "reset";
  /** `pending`: the bytes of each follow one another. */
  list?: { from: string; length: number }[];
  sockets?: SocketEntry[];
  timeWaits?: number;
  /** `queue`: whether it became empty. */
  empty?: boolean;
}
