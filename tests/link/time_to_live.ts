/**
 * Receives one datagram and prints the time to live (IPv6: hop limit) it arrived with, as JSON: ip(7)'s IP_RECVTTL,
 * ipv6(7)'s IPV6_RECVHOPLIMIT, by FFI.
 *
 * ```sh
 * deno run -A time_to_live.ts 12001      # prints {"listening":12001}, then {"ttl":64,"from":"10.77.0.3"}
 * deno run -A time_to_live.ts 12001 6    # the same over IPv6
 * ```
 */
import { formatAddress6 } from "../../src/packet/mod.ts";

const libc = Deno.dlopen("libc.so.6", {
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  bind: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  recvmsg: { parameters: ["i32", "buffer", "i32"], result: "isize" },
}).symbols;

const SOL_SOCKET = 1, SO_RCVTIMEO = 20;
const port = Number(Deno.args[0]), six = Deno.args[1] === "6";
/** Address family, size of its socket address, where the address lies in it; level and name of the option. */
const family = six
  ? { number: 10, size: 28, at: 8, level: 41, option: 51 }
  : { number: 2, size: 16, at: 4, level: 0, option: 12 };

/** The address of a buffer, for a struct that points to it. */
function pointerTo(bytes: Uint8Array<ArrayBuffer>): bigint {
  return BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes)));
}

const fd = libc.socket(family.number, 2, 0);
const one = new Uint8Array(new Int32Array([1]).buffer);
libc.setsockopt(fd, family.level, family.option, one, 4);
libc.setsockopt(
  fd,
  SOL_SOCKET,
  SO_RCVTIMEO,
  new Uint8Array(new BigInt64Array([10n, 0n]).buffer),
  16,
);
const address = new Uint8Array(family.size);
address.set([family.number, 0, port >> 8, port & 255]);
if (libc.bind(fd, address, family.size) !== 0) throw new Error(`Port ${port} is taken`);
console.log(JSON.stringify({ listening: port }));

const name = new Uint8Array(family.size), data = new Uint8Array(2048), control = new Uint8Array(64);
const vector = new Uint8Array(new BigUint64Array([pointerTo(data), 2048n]).buffer);
// struct msghdr: name and its length, the vector and its length, control data and its length, flags.
const message = new Uint8Array(
  new BigUint64Array([
    pointerTo(name),
    BigInt(family.size),
    pointerTo(vector),
    1n,
    pointerTo(control),
    64n,
    0n,
  ]).buffer,
);
if (libc.recvmsg(fd, message, 0) < 0) throw new Error("Nothing came within 10 s");
// struct cmsghdr: its length in 8 bytes, level and type in 4 each, then the value.
const ttl = new DataView(control.buffer).getInt32(16, true);
const from = six ? formatAddress6(name, family.at) : name.slice(family.at, family.at + 4).join(".");
console.log(JSON.stringify({ ttl, from }));
