/**
 * What test datagrams contain, and the words in which a test speaks to a peer.
 */

/** Fills a payload with its number and bytes that follow from it; below 4 bytes there is no room for a number. */
export function fillPayload(payload: Uint8Array, n: number): void {
  let state = payload.length < 4 ? 1 : Math.imul(n, 2654435761) >>> 0;
  for (let i = 0; i < payload.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    payload[i] = state >>> 24;
  }
  if (payload.length >= 4) new DataView(payload.buffer, payload.byteOffset).setUint32(0, n);
}

/** The number of a payload; -1 where it is too short for one. */
export function readNumber(payload: Uint8Array): number {
  return payload.length < 4 ? -1 : new DataView(payload.buffer, payload.byteOffset).getUint32(0);
}

/** Whether a payload is what its number says. */
export function isIntact(payload: Uint8Array): boolean {
  const expected = new Uint8Array(payload.length);
  fillPayload(expected, readNumber(payload));
  return payload.every((byte, i) => byte === expected[i]);
}

/** What a test asks of a peer. */
export type PeerRequest =
  | { op: "udp"; host: string; port: number; echo: boolean }
  | { op: "send"; host: string; port: number; first: number; count: number; size: number }
  | { op: "received"; count: number; ms: number }
  | { op: "forget" }
  | { op: "sink"; host: string; port: number }
  | { op: "sunk" }
  | { op: "stream"; host: string; port: number; bytes: number };

/** A datagram that came. */
export interface Received {
  n: number;
  size: number;
  intact: boolean;
  from: string;
  atMs: number;
}

/** What it answers; `error` where it could not. */
export interface PeerAnswer {
  error?: string;
  received?: Received[];
  bytes?: number;
  sha256?: string;
  remote?: string;
  ms?: number;
}
