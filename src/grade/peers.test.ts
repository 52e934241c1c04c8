import { expect, test } from "vitest";
import type { RunningProgram, StartedTestbed } from "../engine/mod.ts";
import { madeUpProgram } from "./check_for_test.ts";
import { encodeFrame, readFrames } from "./peer/frames.ts";
import { Peers } from "./peers.ts";

/** A testbed on whose hosts peers do nothing but note what they are asked, in `asked`, by host. */
function madeUpTestbed(asked: Map<number, unknown[]>): StartedTestbed {
  const start = (host: number, input: ReadableStream<Uint8Array>): Promise<RunningProgram> => {
    const ops: unknown[] = [];
    asked.set(host, ops);
    const stdout = new ReadableStream<Uint8Array>({
      async start(answers) {
        for await (const { head } of readFrames(input)) {
          const { id, op } = head as { id: number; op: string };
          ops.push(op);
          answers.enqueue(encodeFrame({ id, ok: true }));
        }
      },
    });
    return Promise.resolve({ ...madeUpProgram(), stdout });
  };
  return {
    startServer: ({ input }) => start(0, input as ReadableStream<Uint8Array>),
    startClient: ({ input, host }) => start(host!, input as ReadableStream<Uint8Array>),
  } as StartedTestbed;
}

test("a peer that comes later hurries with the others, and not any more once they were cleared", async () => {
  const asked = new Map<number, unknown[]>();
  const peers = await Peers.start(madeUpTestbed(asked));
  await peers.hurry(true);
  await peers.at(2);
  await peers.clear();
  await peers.at(3);
  expect(Object.fromEntries(asked)).toEqual({
    0: ["hurry", "clear"],
    1: ["hurry", "clear"],
    2: ["hurry", "clear"],
    3: [],
  });
});
