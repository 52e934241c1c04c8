/** Where a running kernel's function calls another: read from the kernel's own memory. */
import { cstring, libc, must } from "./libc.ts";

/** The opcode of a near call; its target is relative to what follows. */
const CALL = 0xe8, CALL_BYTES = 5;
const PT_LOAD = 1;

/** Offsets in `caller` right behind each of its calls to `callee`, rising. Needs root, x86-64, /proc/kcore. */
export function callSites(caller: string, callee: string): number[] {
  const { from, to } = functionRange(caller);
  const target = functionRange(callee).from;
  const code = readKernel(from, Number(to - from));
  const view = new DataView(code.buffer);
  const sites: number[] = [];
  for (let at = 0; at + CALL_BYTES <= code.length; at++) {
    const behind = at + CALL_BYTES;
    if (code[at] !== CALL) continue;
    if (from + BigInt(behind) + BigInt(view.getInt32(at + 1, true)) === target) sites.push(behind);
  }
  return sites;
}

/** Where a function begins, and where the next symbol does. */
function functionRange(name: string): { from: bigint; to: bigint } {
  const symbols = Deno.readTextFileSync("/proc/kallsyms").split("\n");
  const found = symbols.find((line) => line.split(/\s/)[2] === name);
  if (found === undefined) throw new Error(`This kernel has no function ${name}`);
  const from = BigInt(`0x${found.split(" ")[0]}`);
  let to = from + 65536n;
  for (const line of symbols) {
    const at = BigInt(`0x${line.split(" ")[0] || "0"}`);
    if (at > from && at < to) to = at;
  }
  return { from, to };
}

/** Reads kernel memory: /proc/kcore is an ELF file whose segments are the kernel's address space. */
function readKernel(address: bigint, bytes: number): Uint8Array<ArrayBuffer> {
  const file = must("open", libc.open(cstring("/proc/kcore"), 0));
  const read = (length: number, at: bigint) => {
    const buffer = new Uint8Array(length);
    must("pread", libc.pread(file, buffer, length, at));
    return new DataView(buffer.buffer);
  };
  try {
    const head = read(64, 0n);
    const segments = head.getUint16(56, true), size = head.getUint16(54, true);
    const table = read(segments * size, head.getBigUint64(32, true));
    for (let at = 0; at < segments * size; at += size) {
      if (table.getUint32(at, true) !== PT_LOAD) continue;
      const offset = table.getBigUint64(at + 8, true);
      const begins = table.getBigUint64(at + 16, true);
      const length = table.getBigUint64(at + 40, true);
      if (address < begins || address >= begins + length) continue;
      return new Uint8Array(read(bytes, offset + (address - begins)).buffer);
    }
    throw new Error("The function lies in no segment of /proc/kcore");
  } finally {
    libc.close(file);
  }
}
