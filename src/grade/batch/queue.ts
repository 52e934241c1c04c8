/** Work done several at a time. Pure. */

/**
 * Does something with each item, in their order, `jobs` at a time. Each of so many workers has one item after the other.
 *
 * @param worker Returns what does it, for a worker; disposed of once nothing is left for it.
 * @throws What an item throws first, once the others that were begun have ended; none is begun any more.
 */
export async function inParallel<T>(
  items: readonly T[],
  jobs: number,
  worker: (number: number) => { work(item: T): Promise<void> } & AsyncDisposable,
): Promise<void> {
  let next = 0, stopped = false;
  const run = async (number: number) => {
    await using own = worker(number);
    while (!stopped && next < items.length) {
      try {
        await own.work(items[next++]!);
      } catch (error) {
        stopped = true;
        throw error;
      }
    }
  };
  const workers = Array.from({ length: Math.min(jobs, items.length) }, (_, i) => run(i + 1));
  const failed = (await Promise.allSettled(workers)).find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}
