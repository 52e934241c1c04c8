/** The calls of the C library that a packet ring takes beside those of `libc.ts`. */
const symbols = {
  mmap: { parameters: ["pointer", "usize", "i32", "i32", "i32", "i64"], result: "pointer" },
  munmap: { parameters: ["pointer", "usize"], result: "i32" },
  bind: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  getsockopt: { parameters: ["i32", "i32", "i32", "buffer", "buffer"], result: "i32" },
} as const;

/** The calls. */
export type RingCalls = Deno.DynamicLibrary<typeof symbols>["symbols"];

/** Opens them; the library is there, for `openLibc()` has opened it. */
export function openRingCalls(): RingCalls {
  return Deno.dlopen("libc.so.6", symbols).symbols;
}

/** Where a buffer lies. It must be kept as long as that is used. */
export function pointerTo(buffer: Uint16Array<ArrayBuffer>): bigint {
  return Deno.UnsafePointer.value(Deno.UnsafePointer.of(buffer));
}
