import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { untilEnded } from "./watch_end.ts";

const words = "Start again: the link ended without a word";
const engineLost = /^Start Docker again, then repeat the command: the engine has stopped$/;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A link and an engine, and what is said of their end so far. */
function watch(answers: () => boolean) {
  const link = Promise.withResolvers<string>(), events = Promise.withResolvers<void>();
  let said: string | null = null;
  untilEnded({
    linkEnded: link.promise,
    eventsLost: events.promise,
    answers: () => Promise.resolve(answers()),
  }).then(({ message }) => said = message);
  return {
    linkEnds: () => link.resolve(words),
    eventsEnd: () => events.resolve(),
    /** After so many milliseconds. */
    said: async (ms: number) => {
      await vi.advanceTimersByTimeAsync(ms);
      return said;
    },
  };
}

describe("untilEnded()", () => {
  test("names the engine that was killed and still takes connections: first its events end, then the link", async () => {
    const { linkEnds, eventsEnd, said } = watch(() => true);
    eventsEnd();
    expect(await said(10)).toBeNull();
    linkEnds();
    expect(await said(0)).toMatch(engineLost);
  });

  test("names the engine that was killed and still takes connections: first the link ends", async () => {
    const { linkEnds, eventsEnd, said } = watch(() => true);
    linkEnds();
    expect(await said(10)).toBeNull();
    eventsEnd();
    expect(await said(0)).toMatch(engineLost);
  });

  test("names the engine that is stopped: it ends the link, and goes a second later", async () => {
    const { linkEnds, eventsEnd, said } = watch(() => false);
    linkEnds();
    expect(await said(1000)).toBeNull();
    eventsEnd();
    expect(await said(0)).toMatch(engineLost);
  });

  test("names the engine that has gone before word of the link comes", async () => {
    const { eventsEnd, said } = watch(() => false);
    eventsEnd();
    expect(await said(0)).toMatch(engineLost);
  });

  test("has the words of a link that has ended alone", async () => {
    const { linkEnds, said } = watch(() => true);
    linkEnds();
    expect(await said(2000)).toBe(words);
  });

  test("takes a stream that was cut off for no end", async () => {
    const { eventsEnd, said } = watch(() => true);
    eventsEnd();
    expect(await said(60_000)).toBeNull();
  });
});
