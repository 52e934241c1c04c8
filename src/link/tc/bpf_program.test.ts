import { expect, test } from "vitest";
import { BpfProgram, bytecodeText } from "./bpf_program.ts";

test("BpfProgram.finish() refuses jumps that the kernel would", () => {
  const far = new BpfProgram().when("equals", 1, { yes: "end" });
  for (let i = 0; i < 256; i++) far.do("add", 1);
  expect(() => far.label("end").do("answer").finish()).toThrow(
    /^Write a jump forwards of up to 255/,
  );
  expect(() => new BpfProgram().goto("nowhere").finish()).toThrow(RangeError);
  expect(() => new BpfProgram().label("back").goto("back").finish()).toThrow(RangeError);
});

test("bytecodeText() writes a program as tc-bpf(8) reads it", () => {
  const program = new BpfProgram().do("loadHalf", 12).when("equals", 0x800, { no: "no" })
    .do("answer", 0xffffffff).label("no").do("answer", 0).finish();
  expect(bytecodeText(program)).toBe("4,40 0 0 12,21 0 1 2048,6 0 0 4294967295,6 0 0 0");
});
