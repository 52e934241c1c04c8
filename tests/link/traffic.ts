/**
 * Traffic with exact times, for measuring the link from outside: sender and receiver block in the kernel by FFI, so
 * that no event loop blurs what is measured. Both read the same monotonic clock.
 *
 * ```sh
 * deno run -A traffic.ts receive 12000 1000         # count datagrams; prints one JSON line
 * deno run -A traffic.ts send 10.77.0.2 12000 5000 1000 64   # packets a second, count, bytes
 * ```
 *
 * IPv6: `receive 12000 1000 ::`, and an address of it for the sender.
 */
import { parseAddress } from "../../src/packet/mod.ts";

const libc = Deno.dlopen("libc.so.6", {
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  bind: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  sendto: { parameters: ["i32", "buffer", "u32", "i32", "buffer", "u32"], result: "i32" },
  recv: { parameters: ["i32", "buffer", "u32", "i32"], result: "i32" },
  clock_gettime: { parameters: ["i32", "buffer"], result: "i32" },
  prctl: { parameters: ["i32", "u64", "u64", "u64", "u64"], result: "i32" },
  usleep: { parameters: ["u32"], result: "i32" },
}).symbols;

const words = new Int32Array(4), wordBytes = new Uint8Array(words.buffer);

/** Nanoseconds of the monotonic clock, modulo 10^6 seconds. */
function now(): number {
  libc.clock_gettime(1, wordBytes);
  return (words[0]! % 1e6) * 1e9 + words[2]!;
}

/** struct sockaddr_in, or sockaddr_in6, and the number of its family. */
function address(host: string, port: number): { family: number; bytes: Uint8Array<ArrayBuffer> } {
  const six = host.includes(":");
  const bytes = new Uint8Array(six ? 28 : 16);
  const family = six ? 10 : 2;
  bytes.set([family, 0, port >> 8, port & 255]);
  bytes.set(parseAddress(host), six ? 8 : 4);
  return { family, bytes };
}

function option(fd: number, name: number, value: Uint8Array<ArrayBuffer>): void {
  libc.setsockopt(fd, 1, name, value, value.length);
}

/** Sends numbered datagrams, each with the time it was sent. */
function send(host: string, port: number, perSecond: number, count: number, size: number): void {
  const { family, bytes: to } = address(host, port);
  const fd = libc.socket(family, 2, 0);
  const payload = new Uint8Array(Math.max(16, size)), view = new DataView(payload.buffer);
  const start = now();
  for (let n = 0; n < count; n++) {
    const due = start + (perSecond > 0 ? (n / perSecond) * 1e9 : 0);
    for (let left = due - now(); left > 0; left = due - now()) {
      if (left > 200_000) libc.usleep(Math.floor((left - 100_000) / 1000));
    }
    view.setFloat64(0, n);
    view.setFloat64(8, now());
    libc.sendto(fd, payload, payload.length, 0, to, to.length);
  }
  const seconds = (now() - start) / 1e9;
  console.log(JSON.stringify({ sent: count, seconds, per_second: count / seconds }));
}

/** Counts datagrams until `count` came or a second passed without one; one-way times in microseconds. */
function receive(port: number, count: number, host: string): void {
  const { family, bytes: here } = address(host, port);
  const fd = libc.socket(family, 2, 0);
  option(fd, 33, new Uint8Array(new Int32Array([64 * 1024 * 1024]).buffer)); // SO_RCVBUFFORCE
  option(fd, 8, new Uint8Array(new Int32Array([64 * 1024 * 1024]).buffer)); // SO_RCVBUF
  if (libc.bind(fd, here, here.length) !== 0) throw new Error(`Port ${port} is taken`);
  console.log(JSON.stringify({ listening: port }));
  const buffer = new Uint8Array(65536), view = new DataView(buffer.buffer);
  const times = new Float64Array(count), numbers = new Uint32Array(count);
  let received = 0, first = 0, last = 0;
  option(fd, 20, new Uint8Array(new BigInt64Array([20n, 0n]).buffer)); // SO_RCVTIMEO
  while (received < count) {
    const length = libc.recv(fd, buffer, buffer.length, 0);
    if (length < 0) break;
    const at = now();
    if (received === 0) {
      first = at;
      option(fd, 20, new Uint8Array(new BigInt64Array([1n, 0n]).buffer));
    }
    last = at;
    numbers[received] = view.getFloat64(0);
    times[received++] = (at - view.getFloat64(8)) / 1000;
  }
  const sorted = times.slice(0, received).sort();
  const at = (share: number) =>
    sorted[Math.min(received - 1, Math.floor(share * received))] ?? null;
  console.log(JSON.stringify({
    received,
    per_second: received / ((last - first) / 1e9),
    mean_us: sorted.reduce((sum, one) => sum + one, 0) / received,
    p50_us: at(.5),
    p99_us: at(.99),
    max_us: sorted[received - 1],
  }));
}

libc.prctl(29, 1n, 0n, 0n, 0n);
const [mode, ...rest] = Deno.args;
if (mode === "send") {
  const [host, port, perSecond, count, size] = rest;
  send(host!, Number(port), Number(perSecond), Number(count), Number(size));
} else {
  receive(Number(rest[0]), Number(rest[1]), rest[2] ?? "0.0.0.0");
}
