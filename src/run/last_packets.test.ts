import { expect, test } from "vitest";
import { lastPackets } from "./last_packets.ts";

function staged(isOver: () => boolean, queued: () => number = () => 0) {
  let tell = () => {};
  const stop = new AbortController();
  const began = performance.now();
  const took = lastPackets({
    isOver,
    queued: () => Promise.resolve(queued()),
    onPacket: (told) => {
      tell = told;
    },
    interrupt: stop.signal,
  }).then(() => performance.now() - began);
  return { took, packet: () => tell(), stop };
}

test("lastPackets() settles at once where all is over", async () => {
  expect(await staged(() => true).took).toBeLessThan(1_000);
});

test("lastPackets() settles with the packet that ends it all, or the interrupt", async () => {
  let over = false;
  const ending = staged(() => over);
  ending.packet();
  over = true;
  ending.packet();
  expect(await ending.took).toBeLessThan(1_000);
  const interrupted = staged(() => false);
  interrupted.stop.abort();
  expect(await interrupted.took).toBeLessThan(1_000);
});

test("lastPackets() gives up when it goes quiet", async () => {
  const took = await staged(() => false).took;
  expect(took).toBeGreaterThan(1_400);
  expect(took).toBeLessThan(6_000);
});

test("lastPackets() waits for what is on its way, and for an answer to that", async () => {
  const left = [1, 1, 0, 1, 0, 0];
  await staged(() => true, () => left.shift() ?? 0).took;
  expect(left).toEqual([]);
});
