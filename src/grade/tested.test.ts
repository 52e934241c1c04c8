import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ProgramExit } from "../engine/mod.ts";
import type { TestedPlace } from "./tested_place.ts";
import { startTestedClient } from "./tested.ts";

// A machine that is not busy.
vi.mock("./peer/processor_share.ts", () => ({ processorShare: () => 1 }));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A client that does what the test says, under test. */
async function madeUpClient() {
  const exited = Promise.withResolvers<ProgramExit>();
  let stdout!: ReadableStreamDefaultController<Uint8Array>;
  const place = {
    startClient: () =>
      Promise.resolve({
        pid: null,
        stdout: new ReadableStream<Uint8Array>({
          start: (controller) => void (stdout = controller),
        }),
        stderr: ReadableStream.from([]),
        exited: exited.promise,
        kill: () => {},
        memory: () => Promise.resolve(null),
        processes: () => Promise.resolve(null),
        rests: () => Promise.resolve(null),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      }),
  } as unknown as TestedPlace;
  const { program } = await startTestedClient(place, { command: ["client"] });
  return { program, exit: () => exited.resolve({ code: 0, signal: null }), stdout };
}

const utf8 = (text: string) => new TextEncoder().encode(text);

test("TestedClient.prints() waits for output that comes after the program's end", async () => {
  const { program, exit, stdout } = await madeUpClient();
  const printed = program.prints("hello");
  exit();
  await vi.advanceTimersByTimeAsync(1_000);
  stdout.enqueue(utf8("hello\n"));
  stdout.close();
  await expect(printed).resolves.toBeUndefined();
});

test("TestedClient.prints() fails at the end of the output, with what came nearest", async () => {
  const { program, exit, stdout } = await madeUpClient();
  const printed = program.prints("hello");
  stdout.enqueue(utf8("> help\n"));
  exit();
  stdout.close();
  await expect(printed).rejects.toMatchObject({
    message: "The client did not print what it received before it ended",
    facts: { expected: utf8("hello"), actual: utf8("help") },
  });
});

test("TestedClient.prints() fails where a client goes on and prints something else", async () => {
  const { program, stdout } = await madeUpClient();
  const printed = program.prints("hello").catch((error: Error) => error.message);
  stdout.enqueue(utf8("Hello\n"));
  await vi.advanceTimersByTimeAsync(4_000);
  expect(await printed).toBe("The client did not print what it received within 3 s");
});

test("TestedProgram.ended() comes with all that was printed", async () => {
  const { program, exit, stdout } = await madeUpClient();
  const ended = program.ended();
  exit();
  await vi.advanceTimersByTimeAsync(1_000);
  stdout.enqueue(utf8("last words\n"));
  stdout.close();
  expect(await ended).toEqual({ code: 0, signal: null });
  expect(program.output).toEqual([{ stream: "stdout", text: "last words" }]);
});
