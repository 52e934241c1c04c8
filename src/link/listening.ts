/**
 * Which sockets listen, from the text of /proc/net (proc(5)): no probe packet, which would shift the stream.
 */
import { formatAddress6 } from "../packet/mod.ts";
import type { ListeningSocket } from "./protocol.ts";

/**
 * The listening sockets in `/proc/net/udp`, `udp6`, `tcp` or `tcp6`.
 *
 * @param text The file.
 * @param proto What it lists: bound and unconnected sockets count for UDP, those in LISTEN for TCP.
 */
export function parseListening(text: string, proto: "udp" | "tcp"): ListeningSocket[] {
  const found: ListeningSocket[] = [];
  for (const line of text.split("\n").slice(1)) {
    const [, local, remote, state] = line.trim().split(/\s+/);
    if (local === undefined || remote === undefined) continue;
    const listens = proto === "tcp" ? state === "0A" : /^0+:0000$/.test(remote);
    const [hexAddress, hexPort] = local.split(":");
    if (!listens || hexAddress === undefined || hexPort === undefined) continue;
    found.push({ proto, address: parseAddress(hexAddress), port: parseInt(hexPort, 16) });
  }
  return found;
}

/** The kernel prints addresses as 32-bit words in the machine's byte order: little-endian wherever Deno runs. */
export function parseAddress(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((b) => parseInt(b, 16))
  );
  if (bytes.length === 4) return bytes.join(".");
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff;
  return mapped ? bytes.slice(12).join(".") : formatAddress6(Uint8Array.from(bytes), 0);
}

/** Whether one of the sockets takes what is sent to the host's own address, or to that of IPv6 where it has one. */
export function listensOn(
  sockets: ListeningSocket[],
  wanted: { proto: "udp" | "tcp"; port: number; address: string; address6?: string },
): boolean {
  return sockets.some((socket) =>
    socket.proto === wanted.proto && socket.port === wanted.port &&
    ["0.0.0.0", "::", wanted.address, wanted.address6].includes(socket.address)
  );
}

/** Sockets that are told, at most: a program may have tens of thousands. */
const TOLD = 100;

/** The sockets that are told: all but where there are very many, then those of the wanted port first. */
export function foremost(
  sockets: readonly ListeningSocket[],
  wanted: { proto: "udp" | "tcp"; port: number },
): ListeningSocket[] {
  const isWanted = ({ proto, port }: ListeningSocket) =>
    proto === wanted.proto && port === wanted.port;
  if (sockets.length <= TOLD) return [...sockets];
  return [...sockets.filter(isWanted), ...sockets.filter((one) => !isWanted(one))].slice(0, TOLD);
}

/** Whether an address is of Docker's own name server, which listens in the network namespace of every container. */
export function isDockerNames(address: string): boolean {
  return address === "127.0.0.11";
}

/**
 * The sockets that listen in this process's network namespace, but for Docker's own. A look at those of TCP takes the
 * kernel some milliseconds where the machine's table of connections is large.
 */
export function readListening(
  protos: readonly ("udp" | "tcp")[] = ["udp", "tcp"],
): ListeningSocket[] {
  const all = protos.flatMap((proto) =>
    [proto, `${proto}6`].flatMap((file) => {
      try {
        return parseListening(Deno.readTextFileSync(`/proc/net/${file}`), proto);
      } catch {
        return []; // No IPv6 in this kernel.
      }
    })
  );
  return all.filter(({ address }) => !isDockerNames(address));
}
