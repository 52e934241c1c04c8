import fc from "fast-check";
import { expect, test } from "vitest";
import { PacketQueue } from "./queue.ts";

test("PacketQueue gives packets back by time, those of one time in the order of their coming", () => {
  // A number puts a packet in line at that time, null takes one out.
  const step = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constant(null));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const queue = new PacketQueue();
      const model: { time: number; token: number }[] = [];
      let token = 0;
      const take = () => {
        const row = queue.pop();
        const expected = model.shift();
        if (expected === undefined) return expect(row).toBe(-1);
        expect({ time: queue.time[row], token: queue.token[row] }).toEqual(expected);
        queue.release(row);
      };
      for (const time of steps) {
        if (time === null) {
          take();
        } else {
          const row = queue.take();
          queue.time[row] = time;
          queue.token[row] = ++token;
          queue.insert(row);
          const later = model.findIndex((other) => other.time > time);
          model.splice(later === -1 ? model.length : later, 0, { time, token });
          expect(queue.lastTime).toBe(Math.max(...model.map((other) => other.time)));
        }
        expect(queue.length).toBe(model.length);
      }
      while (model.length > 0) take();
      take();
    }),
    { seed: 6, numRuns: 1000 },
  );
});

test("PacketQueue keeps those that may leave at once in order, across growth", () => {
  const queue = new PacketQueue();
  const rows = Array.from({ length: 40 }, (_, index) => {
    const row = queue.take();
    queue.token[row] = index;
    if (index % 2 === 0) queue.pushReady(row);
    else queue.pushReadyFirst(row);
    return row;
  });
  expect(new Set(rows).size).toBe(40);
  const order = Array.from({ length: 40 }, () => queue.token[queue.popReady()]);
  const odd = Array.from({ length: 20 }, (_, index) => 39 - 2 * index);
  const even = Array.from({ length: 20 }, (_, index) => 2 * index);
  expect(order).toEqual([...odd, ...even]);
  expect(queue.peekReady()).toBe(-1);
});
