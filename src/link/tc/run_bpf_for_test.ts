/** Runs classic BPF programs as the kernel would, for tests: the instructions that `bpf_program.ts` has. */
import type { BpfInstruction } from "./bpf_program.ts";

/**
 * What a program answers for a packet; 0 where it loads past the end, as in the kernel. The numbers of
 * instructions are written out: one that is wrong in `bpf_program.ts` is not to be right here.
 */
export function runBpf(program: readonly BpfInstruction[], bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const store = new Uint32Array(16);
  let a = 0, x = 0;
  for (let at = 0;; at++) {
    const { code, jt, jf, k } = program[at]!;
    try {
      switch (code) {
        case 0x20:
          a = view.getUint32(k);
          break;
        case 0x28:
          a = view.getUint16(k);
          break;
        case 0x30:
          a = view.getUint8(k);
          break;
        case 0x48:
          a = view.getUint16(x + k);
          break;
        case 0x50:
          a = view.getUint8(x + k);
          break;
        case 0xb1:
          x = 4 * (view.getUint8(k) & 15);
          break;
        case 0x60:
          a = store[k]!;
          break;
        case 0x02:
          store[k] = a;
          break;
        case 0x01:
          x = k;
          break;
        case 0x07:
          x = a;
          break;
        case 0x04:
          a = (a + k) >>> 0;
          break;
        case 0x0c:
          a = (a + x) >>> 0;
          break;
        case 0x54:
          a = (a & k) >>> 0;
          break;
        case 0x64:
          a = (a << k) >>> 0;
          break;
        case 0x74:
          a >>>= k;
          break;
        case 0x05:
          at += k;
          break;
        case 0x15:
          at += a === k ? jt : jf;
          break;
        case 0x45:
          at += (a & k) !== 0 ? jt : jf;
          break;
        case 0x06:
          return k;
        default:
          throw new Error(`No such instruction: ${code}`);
      }
    } catch (error) {
      if (error instanceof RangeError) return 0;
      throw error;
    }
  }
}
