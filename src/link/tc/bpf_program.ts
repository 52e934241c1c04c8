/**
 * Puts classic BPF programs together (the kernel's Documentation/networking/filter.rst): instructions, and jumps to
 * names instead of distances.
 */

/** Instructions by what they do; A is the accumulator, X the index register, M[n] the store. */
const opcode = {
  /** A = the word at k. */
  loadWord: 0x20,
  /** A = the half word at k. */
  loadHalf: 0x28,
  /** A = the byte at k. */
  loadByte: 0x30,
  /** A = the half word at X + k. */
  loadHalfAt: 0x48,
  /** A = the byte at X + k. */
  loadByteAt: 0x50,
  /** A = M[k]. */
  recall: 0x60,
  /** M[k] = A. */
  store: 0x02,
  /** X = k. */
  index: 0x01,
  /** X = 4 * (the byte at k & 15): the length of an IPv4 header. */
  indexHeader: 0xb1,
  /** X = A. */
  indexTaken: 0x07,
  /** A += k. */
  add: 0x04,
  /** A += X. */
  addIndex: 0x0c,
  /** A &= k. */
  and: 0x54,
  /** A <<= k. */
  shiftLeft: 0x64,
  /** A >>= k. */
  shiftRight: 0x74,
  /** Go on at a name. */
  goto: 0x05,
  /** Where A is k to one name, else to the other. */
  equals: 0x15,
  /** Where A has a bit of k. */
  hasBits: 0x45,
  /** End with k. */
  answer: 0x06,
} as const;

/** One instruction, as the kernel takes it. */
export interface BpfInstruction {
  code: number;
  jt: number;
  jf: number;
  k: number;
}

/** A place in a program, before it is known where it is. */
type Name = string;

/** A program in the making. */
export class BpfProgram {
  readonly #instructions: (BpfInstruction & { yes?: Name; no?: Name })[] = [];
  readonly #names = new Map<Name, number>();
  #next = 0;

  /** Adds an instruction that goes on to the next one, or ends. */
  do(what: Exclude<keyof typeof opcode, "equals" | "hasBits" | "goto">, k = 0): this {
    this.#instructions.push({ code: opcode[what], jt: 0, jf: 0, k: k >>> 0 });
    return this;
  }

  /** Goes to a name, wherever it is further on. */
  goto(name: Name): this {
    this.#instructions.push({ code: opcode.goto, jt: 0, jf: 0, k: 0, yes: name });
    return this;
  }

  /** Goes to `yes` or `no`; to the next instruction where it is left out. */
  when(what: "equals" | "hasBits", k: number, { yes, no }: { yes?: Name; no?: Name }): this {
    this.#instructions.push({
      code: opcode[what],
      jt: 0,
      jf: 0,
      k: k >>> 0,
      ...(yes !== undefined && { yes }),
      ...(no !== undefined && { no }),
    });
    return this;
  }

  /** Gives the next instruction a name. */
  label(name: Name): this {
    this.#names.set(name, this.#instructions.length);
    return this;
  }

  /** A name that no other has. */
  fresh(): Name {
    return `#${this.#next++}`;
  }

  /**
   * The program.
   *
   * @throws {RangeError} Where a name is missing, lies behind, or a condition's lies further than 255 instructions.
   */
  finish(): BpfInstruction[] {
    return this.#instructions.map(({ code, k, yes, no }, at) => {
      const far = (name: Name | undefined, most: number): number => {
        if (name === undefined) return 0;
        const distance = (this.#names.get(name) ?? NaN) - at - 1;
        if (!(distance >= 0 && distance <= most)) {
          throw new RangeError(
            `Write a jump forwards of up to ${most}, got ${distance} to ${name}`,
          );
        }
        return distance;
      };
      if (code === opcode.goto) return { code, jt: 0, jf: 0, k: far(yes, 4095) };
      return { code, jt: far(yes, 255), jf: far(no, 255), k };
    });
  }
}

/** A program as tc reads it: how many instructions, then each in four numbers. */
export function bytecodeText(program: readonly BpfInstruction[]): string {
  const lines = program.map(({ code, jt, jf, k }) => `${code} ${jt} ${jf} ${k}`);
  return [program.length, ...lines].join(",");
}
