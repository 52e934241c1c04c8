/**
 * Asks a neighbour by unicast whether it is there (RFC 4861 7.3.3: a neighbour solicitation), and prints its answer as
 * JSON, null after two seconds without one. From the address given, not a link-local one, as the kernel would.
 *
 * ```sh
 * deno run -A neighbour_probe.ts fd00:77::3 fd00:77::2      # prints {"target":"fd00:77::2","solicited":true}
 * ```
 */
import { formatAddress6, parseAddress } from "../../src/packet/mod.ts";

const libc = Deno.dlopen("libc.so.6", {
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  bind: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  sendto: { parameters: ["i32", "buffer", "usize", "i32", "buffer", "u32"], result: "isize" },
  recv: { parameters: ["i32", "buffer", "usize", "i32"], result: "isize" },
}).symbols;

const AF_INET6 = 10, SOCK_RAW = 3, IPPROTO_ICMPV6 = 58, IPPROTO_IPV6 = 41;
const IPV6_UNICAST_HOPS = 16, SOL_SOCKET = 1, SO_RCVTIMEO = 20;
const solicitation = 135, advertisement = 136;

/** struct sockaddr_in6 of an address. */
function socketAddress(address: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(28);
  bytes[0] = AF_INET6;
  bytes.set(parseAddress(address), 8);
  return bytes;
}

const [from, target] = Deno.args as [string, string];
const fd = libc.socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);
if (fd < 0) throw new Error("A raw socket needs CAP_NET_RAW");
// Of a smaller hop limit it would not be believed: it would have come from beyond the cable.
libc.setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, new Uint8Array([255, 0, 0, 0]), 4);
const second = new Uint8Array(new BigInt64Array([2n, 0n]).buffer);
libc.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, second, 16);
if (libc.bind(fd, socketAddress(from), 28) !== 0) throw new Error(`${from} is not ours`);
const message = new Uint8Array(24);
message[0] = solicitation; // the kernel fills the checksum in
message.set(parseAddress(target), 8);
libc.sendto(fd, message, 24n, 0, socketAddress(target), 28);

const answer = new Uint8Array(2048);
let length: bigint;
do length = libc.recv(fd, answer, 2048n, 0); while (length > 0n && answer[0] !== advertisement);
console.log(JSON.stringify(
  length <= 0n ? null : { target: formatAddress6(answer, 8), solicited: (answer[4]! & 0x40) !== 0 },
));
