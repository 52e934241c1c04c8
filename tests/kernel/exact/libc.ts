/** The calls of the C library that the programs in the rig need. */
const libc = Deno.dlopen("libc.so.6", {
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  bind: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  getsockopt: { parameters: ["i32", "i32", "i32", "buffer", "buffer"], result: "i32" },
  send: { parameters: ["i32", "buffer", "u32", "i32"], result: "i32" },
  sendto: { parameters: ["i32", "buffer", "u32", "i32", "buffer", "u32"], result: "i32" },
  recv: { parameters: ["i32", "buffer", "u32", "i32"], result: "i32" },
  ioctl: { parameters: ["i32", "u32", "buffer"], result: "i32" },
  ppoll: { parameters: ["buffer", "u32", "buffer", "pointer"], result: "i32" },
  setns: { parameters: ["i32", "i32"], result: "i32" },
  recvfrom: {
    parameters: ["i32", "buffer", "u32", "i32", "buffer", "buffer"],
    result: "i32",
  },
  clock_gettime: { parameters: ["i32", "buffer"], result: "i32" },
  sched_setaffinity: { parameters: ["i32", "u64", "buffer"], result: "i32" },
  open: { parameters: ["buffer", "i32"], result: "i32" },
  read: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  pread: { parameters: ["i32", "buffer", "u32", "i64"], result: "i64" },
  close: { parameters: ["i32"], result: "i32" },
  if_nametoindex: { parameters: ["buffer"], result: "u32" },
  __errno_location: { parameters: [], result: "pointer" },
}).symbols;
export { libc };

/** A result that must not be negative. @throws {Error} naming the call and the error number. */
export function must(call: string, result: number | bigint): number {
  if (result >= 0) return Number(result);
  throw new Error(`${call} failed with error number ${errno()}`);
}

/**
 * What a call returns; null where it fails for the reason that is expected.
 *
 * Any other reason is believed once it is read repeatedly: the runtime makes calls of its own between two of ours, and
 * rarely the number is that of one of theirs.
 *
 * @throws {Error} naming the call and the error number.
 */
export function attempt(name: string, expected: number, call: () => number): number | null {
  for (let failures = 0;; failures++) {
    const result = call();
    if (result >= 0) return result;
    if (errno() === expected) return null;
    if (failures === 3) must(name, result);
  }
}

/** The number of the last failure. */
function errno(): number {
  const location = libc.__errno_location();
  return location === null ? 0 : new Deno.UnsafePointerView(location).getInt32();
}

const time = new BigInt64Array(2);
const timeBytes = new Uint8Array(time.buffer);

/** The monotonic clock, ns. */
export function monotonicNs(): number {
  libc.clock_gettime(1, timeBytes);
  return Number(time[0]) * 1e9 + Number(time[1]);
}

/** A C string. */
export function cstring(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}
