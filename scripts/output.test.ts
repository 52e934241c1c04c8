import { expect, test } from "vitest";
import { OutputClosed, processOutput, style, wantsColour, type Writer } from "./output.ts";

/** A file that takes at most `piece` bytes at a time, failing first with `errors`. */
function file(piece: number, errors: Error[] = []): Writer & { text: string } {
  const bytes: number[] = [];
  return {
    get text() {
      return new TextDecoder().decode(new Uint8Array(bytes));
    },
    writeSync(data) {
      const error = errors.shift();
      if (error) throw error;
      bytes.push(...data.subarray(0, piece));
      return Math.min(piece, data.length);
    },
    isTerminal: () => false,
  };
}

const noEnv = () => undefined;

test("out() writes everything, in however many pieces, and waits for a slow reader", () => {
  const stdout = file(3, [new Deno.errors.WouldBlock("EAGAIN")]);
  processOutput(stdout, file(1), noEnv).out("grüße, world\n");
  expect(stdout.text).toBe("grüße, world\n");
});

test("out() says OutputClosed when the reader has gone, err() says nothing", () => {
  const gone = () => file(1, [new Deno.errors.BrokenPipe("EPIPE")]);
  const output = processOutput(gone(), gone(), noEnv);
  expect(() => output.out("x")).toThrow(OutputClosed);
  expect(() => output.err("x")).not.toThrow();
});

test("out() passes other faults on, such as a full disk", () => {
  const output = processOutput(file(1, [new Error("ENOSPC")]), file(1), noEnv);
  expect(() => output.out("x")).toThrow("ENOSPC");
});

test("wantsColour() obeys the terminal, NO_COLOR and TERM", () => {
  const env = (values: Record<string, string>) => (name: string) => values[name];
  expect(wantsColour(true, env({}))).toBe(true);
  expect(wantsColour(false, env({}))).toBe(false);
  expect(wantsColour(true, env({ NO_COLOR: "1" }))).toBe(false);
  expect(wantsColour(true, env({ NO_COLOR: "" }))).toBe(true);
  expect(wantsColour(true, env({ TERM: "dumb" }))).toBe(false);
});

test("style() paints or leaves alone", () => {
  expect(style(true).red("no")).toBe("\x1b[31mno\x1b[39m");
  expect(style(true).red("")).toBe("");
  expect(style(false).red("no")).toBe("no");
});
