import { expect, test } from "vitest";
import { readTracePages } from "./trace_pages.ts";

const PAGE = 256;

/** A page of a trace buffer with these words behind its head; `lost`: events were lost before it. */
function page(words: number[], lost = false): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(PAGE);
  const view = new DataView(bytes.buffer);
  view.setUint32(8, words.length * 4 + (lost ? 2 ** 31 : 0), true);
  words.forEach((word, index) => view.setUint32(16 + index * 4, word, true));
  return bytes;
}

const eventsOf = (...pages: Uint8Array<ArrayBuffer>[]) => {
  const all = new Uint8Array(pages.length * PAGE);
  pages.forEach((bytes, index) => all.set(bytes, index * PAGE));
  const events: [type: number, value: number][] = [];
  readTracePages(all, PAGE, (type, view, at) => {
    events.push([type, view.getUint32(at + 8, true)]);
  });
  return events;
};

/** An event of so many words, its time so much after the last. */
const event = (type: number, value: number, time = 5) => [time * 32 + 3, type, 0, value];

test("readTracePages() visits the events of all pages in order", () => {
  expect(eventsOf(page([...event(7, 1), ...event(8, 2)]), page(event(7, 3)))).toEqual([
    [7, 1],
    [8, 2],
    [7, 3],
  ]);
});

test("readTracePages() passes over times, discarded events and the rest of a page", () => {
  const extend = [32 + 30, 99], stamp = [32 + 31, 99], discarded = [32 + 29, 8, 12345];
  const words = [...extend, ...event(7, 1), ...stamp, ...discarded, ...event(7, 2), 29, 77, 77];
  expect(eventsOf(page(words))).toEqual([[7, 1], [7, 2]]);
});

test("readTracePages() reads events that are too long for a short head", () => {
  const long = [0, 4 * 31, 9, 0, 42, ...Array(27).fill(0)];
  expect(eventsOf(page([...long, ...event(7, 2)]))).toEqual([[9, 42], [7, 2]]);
});

test("readTracePages() refuses a trace in which events are missing", () => {
  expect(() => eventsOf(page(event(7, 1), true))).toThrow("Give the trace a larger buffer");
});
