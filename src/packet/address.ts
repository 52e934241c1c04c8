import { readU16, writeU16 } from "./fields.ts";

const OCTETS = Array.from({ length: 256 }, (_, i) => String(i));

/** The IPv4 address at an offset, as `a.b.c.d`. */
export function formatAddress4(bytes: Uint8Array, offset: number): string {
  return OCTETS[bytes[offset]!] + "." + OCTETS[bytes[offset + 1]!] + "." +
    OCTETS[bytes[offset + 2]!] + "." + OCTETS[bytes[offset + 3]!];
}

/** The IPv6 address at an offset, in the canonical form of RFC 5952 (without its dotted form). */
export function formatAddress6(bytes: Uint8Array, offset: number): string {
  const groups = Array.from({ length: 8 }, (_, i) => readU16(bytes, offset + 2 * i));
  let from = -1, longest = 1; // a single zero group is not shortened
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > longest) [from, longest] = [i, end - i];
  }
  const hex = (part: number[]) => part.map((group) => group.toString(16)).join(":");
  return from < 0
    ? hex(groups)
    : `${hex(groups.slice(0, from))}::${hex(groups.slice(from + longest))}`;
}

/**
 * The bytes of an address written as text: 4 for `a.b.c.d`, 16 for IPv6.
 *
 * @throws {SyntaxError} if it is neither.
 */
export function parseAddress(text: string): Uint8Array {
  const bytes = text.includes(":") ? parse6(text) : parse4(text);
  if (bytes === null) throw new SyntaxError(`Give an IPv4 or IPv6 address, not '${text}'`);
  return bytes;
}

function parse4(text: string): Uint8Array | null {
  const parts = text.split(".");
  if (parts.length !== 4) return null;
  if (!parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) return null;
  return Uint8Array.from(parts, Number);
}

function parse6(text: string): Uint8Array | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const [front, back] = halves.map(groups6);
  if (!front || back === null) return null;
  const missing = 8 - front.length - (back?.length ?? 0);
  if (back === undefined ? missing !== 0 : missing < 1) return null;
  const bytes = new Uint8Array(16);
  [...front, ...new Array<number>(missing).fill(0), ...back ?? []]
    .forEach((group, i) => writeU16(bytes, 2 * i, group));
  return bytes;
}

function groups6(text: string): number[] | null {
  if (text === "") return [];
  const parts = text.split(":");
  const tail = parts.at(-1)!.includes(".") ? parse4(parts.pop()!) : undefined;
  if (tail === null || !parts.every((part) => /^[0-9a-fA-F]{1,4}$/.test(part))) return null;
  const groups = parts.map((part) => parseInt(part, 16));
  return tail ? [...groups, readU16(tail, 0), readU16(tail, 2)] : groups;
}

/** An address with its port: `a.b.c.d:port`, `[ip]:port` for IPv6. */
export function joinPort(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The parts of what `joinPort` made; a bare address has the port null. */
export function splitPort(text: string): { address: string; port: number | null } {
  const match = /^\[(.*)\]:(\d+)$/.exec(text) ?? /^([^:]*):(\d+)$/.exec(text);
  return match ? { address: match[1]!, port: Number(match[2]) } : { address: text, port: null };
}
