/** Reading the kernel's lists and counts of sockets of TCP, in /proc/net (proc_net_tcp.rst of the kernel). Pure. */
import type { SocketEntry } from "./protocol.ts";

/** Returns the sockets of such a file; addresses of IPv6 that stand for IPv4 are told as that. */
export function parseProcNet(text: string): SocketEntry[] {
  return text.split("\n").slice(1).flatMap((line): SocketEntry[] => {
    const [, local, remote, state, queues] = line.trim().split(/\s+/);
    if (!local || !remote || !state || !queues) return [];
    const [sent = "", unread = ""] = queues.split(":");
    return [{
      local: endpoint(local),
      remote: endpoint(remote),
      state: parseInt(state, 16),
      sent: parseInt(sent, 16),
      unread: parseInt(unread, 16),
    }];
  });
}

/** Returns how many connections of the network are in TIME-WAIT, by /proc/net/sockstat; 0 where it does not say. */
export function timeWaitsIn(sockstat: string): number {
  const [, count = "0"] = /^TCP:.* tw (\d+)/m.exec(sockstat) ?? [];
  return Number(count);
}

function endpoint(text: string): string {
  const [address = "", port = ""] = text.split(":");
  const words = address.match(/.{8}/g) ?? [];
  // Each word of 32 bits stands in the machine's own order: the last byte first, on all that Deno runs on.
  const bytes = words.flatMap((word) =>
    word.match(/../g)!.reverse().map((two) => parseInt(two, 16))
  );
  const mapped = bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) &&
    bytes[10] === 255 && bytes[11] === 255;
  if (bytes.length === 4 || mapped) return `${bytes.slice(-4).join(".")}:${parseInt(port, 16)}`;
  const groups = Array.from(
    { length: 8 },
    (_, i) => ((bytes[2 * i]! << 8) | bytes[2 * i + 1]!).toString(16),
  );
  return `[${groups.join(":")}]:${parseInt(port, 16)}`;
}
