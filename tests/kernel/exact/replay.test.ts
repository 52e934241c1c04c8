/** That a difference between kernel and model is noticed, and told: recordings made up, no kernel in it. */
import { expect, test } from "vitest";
import { Netem, parseProfile } from "../../../src/netem/mod.ts";
import { differences, lastDifference } from "./compare.ts";
import { Did } from "./did.ts";
import type { Case, Recording } from "./recording.ts";
import { replay } from "./replay.ts";

const profile = "limit 20 delay 3ms 2ms loss 20% corrupt 20% reorder 20% seed 1";
const of = (netem: string): Case => ({ name: "made up", sendings: [{ netem, packets: 300 }] });

/** What a kernel with this profile would have done, packets coming every 0.1 ms. */
function madeUp(netem: string): { did: number[]; left: number[] } {
  const model = new Netem(parseProfile(netem));
  const did: number[] = [], left: number[] = [];
  const leave = (until: number) => {
    for (let at = model.nextAt(); at <= until && at < Infinity; at = model.nextAt()) {
      const n = model.dequeue(at);
      did.push(Did.lookedAt, at, Did.leaves, model.outDue);
      left.push(n, model.outCorruptBit >= 0 ? 1 : 0, 0);
    }
  };
  for (let n = 1; n <= 300; n++) {
    const now = n * 100_000;
    leave(now);
    did.push(Did.comes, 0);
    if (model.enqueue(n, 98, now) > 0) did.push(Did.cameAt, now, Did.answered, 0);
    else did.push(Did.answered, model.lastCause === 3 ? 1 : 0x20000);
    leave(now);
  }
  leave(Infinity);
  return { did, left };
}

function recording({ did, left }: { did: number[]; left: number[] }): Recording {
  const base64 = (of: Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer>) =>
    new Uint8Array(of.buffer).toBase64();
  return {
    name: "made up",
    did: base64(new Float64Array(did)),
    left: base64(new Int32Array(left)),
    seconds: 1,
  };
}

const compared = (made: ReturnType<typeof madeUp>, netem = profile) =>
  differences(replay(of(netem), recording(made), {}));

test("differences() are none where the kernel did what the model says", () => {
  expect(compared(madeUp(profile))).toEqual([]);
});

test.each([
  "limit 20 delay 3ms 2ms loss 20% corrupt 20% reorder 20% seed 2",
  "limit 21 delay 3ms 2ms loss 20% corrupt 20% reorder 20% seed 1",
  "limit 20 delay 3ms 2000001ns loss 20% corrupt 20% reorder 20% seed 1",
  "limit 20 delay 3000001ns 2ms loss 20% corrupt 20% reorder 20% seed 1",
  "limit 20 delay 3ms 2ms loss 20.5% corrupt 20% reorder 20% seed 1",
  "limit 20 delay 3ms 2ms loss 20% corrupt 21% reorder 20% seed 1",
  "limit 20 delay 3ms 2ms loss 20% corrupt 20% reorder 20% gap 2 seed 1",
  "limit 20 delay 3ms 2ms loss 20% corrupt 20% reorder 20% duplicate 1% seed 1",
])("differences() tells a kernel that does %s", (other) => {
  const lines = compared(madeUp(other));
  expect(lines.length).toBeGreaterThan(0);
  expect(lines[0]).toMatch(/^packet \d+: the kernel .*, the model said .*$/);
});

test("differences() says what both did with the packet", () => {
  const made = madeUp("delay 1ms seed 1");
  made.left[3 * 4 + 1] = 1;
  expect(compared(made, "delay 1ms seed 1")).toEqual([
    "packet 5: the kernel gave 1000000 ns corrupted, the model said gave 1000000 ns",
  ]);
  expect(compared(madeUp("loss 100% seed 1"), "delay 1ms seed 1")[0]).toBe(
    "packet 1: the kernel dropped it (loss), the model said gave 1000000 ns",
  );
});

test("differences() tells two that left in each other's place", () => {
  const made = madeUp("delay 1ms seed 1");
  const [a, b] = [10, 11];
  [made.left[3 * a], made.left[3 * b]] = [made.left[3 * b]!, made.left[3 * a]!];
  const places = made.did.flatMap((kind, at) =>
    at % 2 === 0 && kind === Did.leaves ? [at + 1] : []
  );
  [made.did[places[a]!], made.did[places[b]!]] = [made.did[places[b]!]!, made.did[places[a]!]!];
  expect(compared(made, "delay 1ms seed 1")).toEqual([
    "copy 11 to leave: the kernel's was of packet 12, the model's of 11",
  ]);
});

test("lastDifference() is the number of the last packet that differs", () => {
  const made = madeUp("delay 1ms seed 1");
  made.left[3 * 4 + 1] = 1;
  expect(lastDifference(replay(of("delay 1ms seed 1"), recording(made), {}))).toBe(5);
});

test("replay() refuses a recording in which frames are missing", () => {
  const made = madeUp("delay 1ms seed 1");
  made.left.splice(30, 3);
  expect(() => compared(made, "delay 1ms seed 1")).toThrow(/300 copies left .* 299 were seen/);
});
