import { expect, test } from "vitest";
import { inParallel } from "./queue.ts";

/** Workers that do `act` with each item, and what became of them. */
function workers(act: (item: number, worker: number) => Promise<void>) {
  const seen: [number, number][] = [];
  const disposed: number[] = [];
  const worker = (number: number) => ({
    async work(item: number) {
      seen.push([number, item]);
      await act(item, number);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(void disposed.push(number)),
  });
  return { seen, disposed, worker };
}

const moment = () => new Promise<void>((resolve) => setTimeout(resolve));

test("inParallel() does each item once, in their order, so many at a time", async () => {
  let now = 0, most = 0;
  const items = Array.from({ length: 50 }, (_, i) => i);
  const { seen, disposed, worker } = workers(async () => {
    most = Math.max(most, ++now);
    await moment();
    now--;
  });
  await inParallel(items, 4, worker);
  expect(seen.map(([, item]) => item)).toEqual(items);
  expect(most).toBe(4);
  expect(disposed.sort()).toEqual([1, 2, 3, 4]);
});

test("inParallel() has no more workers than items", async () => {
  const { seen, disposed, worker } = workers(moment);
  await inParallel([7, 8], 10, worker);
  expect(seen).toEqual([[1, 7], [2, 8]]);
  expect(disposed).toHaveLength(2);
  await inParallel([], 10, () => {
    throw new Error("A worker for nothing");
  });
});

test("inParallel() begins nothing more once one has thrown, and lets the others end", async () => {
  const ended: number[] = [];
  const { seen, disposed, worker } = workers(async (item) => {
    await moment();
    if (item === 1) throw new Error("No room");
    await moment();
    ended.push(item);
  });
  await expect(inParallel([0, 1, 2, 3, 4], 2, worker)).rejects.toThrow("No room");
  expect(seen.map(([, item]) => item)).toEqual([0, 1]);
  expect(ended).toEqual([0]);
  expect(disposed.sort()).toEqual([1, 2]);
});
