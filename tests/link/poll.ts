/**
 * Asks again until the answer will do, and returns it.
 *
 * @param ms The deadline; far from what is expected.
 * @throws {Error} At the deadline, with the last answer.
 */
export async function until<T>(
  ask: () => Promise<T> | T,
  will: (answer: T) => boolean,
  ms = 10_000,
): Promise<T> {
  const deadline = performance.now() + ms;
  for (;;) {
    const answer = await ask();
    if (will(answer)) return answer;
    if (performance.now() > deadline) {
      throw new Error(`Still not so after ${ms} ms: ${JSON.stringify(answer)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
