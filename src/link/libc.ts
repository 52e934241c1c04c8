/**
 * The C library calls of the `tun` driver, by foreign function interface.
 *
 * Every call that moves packets takes typed arrays made beforehand, so that the steady state allocates
 * nothing. Lengths are 32-bit: V8 calls such functions without boxing.
 */

/** Error numbers met on the hot path (errno-base.h). */
export const EAGAIN = 11;
export const EINTR = 4;
export const ENOBUFS = 105;

const symbols = {
  open: { parameters: ["buffer", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  ioctl: { parameters: ["i32", "u64", "buffer"], result: "i32" },
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  eventfd: { parameters: ["u32", "i32"], result: "i32" },
  prctl: { parameters: ["i32", "u64", "u64", "u64", "u64"], result: "i32" },
  read: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  write: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  sendto: { parameters: ["i32", "buffer", "u32", "i32", "buffer", "u32"], result: "i32" },
  ppoll: { parameters: ["buffer", "u32", "buffer", "pointer"], result: "i32" },
  clock_gettime: { parameters: ["i32", "buffer"], result: "i32" },
  __errno_location: { parameters: [], result: "pointer" },
} as const;

/** The calls. Results are those of the C library: -1 on failure, with the reason in {@linkcode errno}. */
export type Libc = Deno.DynamicLibrary<typeof symbols>["symbols"];

let opened: Libc | undefined;

/**
 * Opens the C library of this machine: once in each thread, where it stays open.
 *
 * @throws {Error} Where there is none by the name that glibc has (Alpine's musl, macOS).
 */
export function openLibc(): Libc {
  try {
    return opened ??= Deno.dlopen("libc.so.6", symbols).symbols;
  } catch (cause) {
    throw new Error(
      "Use a Linux with glibc (Debian, Ubuntu, Fedora, …): the tun driver found no libc.so.6",
      { cause },
    );
  }
}

/**
 * The number of the last failure in this thread. Read it before any other call.
 *
 * Rarely it is another failure's: the runtime makes calls of its own between two of ours, when it compiles or collects
 * garbage. Who decides by it asks again before it gives up.
 */
export function errno(libc: Libc): number {
  const location = libc.__errno_location();
  return location === null ? 0 : new Deno.UnsafePointerView(location).getInt32();
}

/** A C string. */
export function cstring(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}

/** Reads the monotonic clock without allocating; nanoseconds since an arbitrary start, as a double. */
export class MonotonicClock {
  readonly #libc: Libc;
  readonly #words = new Int32Array(4);
  readonly #bytes = new Uint8Array(this.#words.buffer);
  /** Seconds subtracted, so that a double stays exact to the nanosecond for 104 days. */
  readonly #base: number;

  constructor(libc: Libc) {
    this.#libc = libc;
    libc.clock_gettime(1, this.#bytes);
    this.#base = this.#words[0]!;
  }

  now(): number {
    this.#libc.clock_gettime(1, this.#bytes);
    return (this.#words[0]! - this.#base) * 1e9 + this.#words[2]!;
  }
}
