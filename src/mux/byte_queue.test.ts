import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ByteQueue } from "./byte_queue.ts";

test("ByteQueue gives bytes back in order, and takes no more than it holds, whatever the pieces", () => {
  const step = fc.oneof(
    fc.record({ put: fc.uint8Array({ maxLength: 12 }) }),
    fc.record({ take: fc.nat(12) }),
    fc.constant({ clear: true }),
  );
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const queue = new ByteQueue(16);
    let wanted: number[] = [];
    for (const one of steps) {
      if ("put" in one) {
        const fits = wanted.length + one.put.length <= 16;
        expect(queue.put(one.put)).toBe(fits);
        if (fits) wanted.push(...one.put);
      } else if ("take" in one) {
        const into = new Uint8Array(one.take);
        const count = queue.take(into);
        expect([...into.subarray(0, count)]).toEqual(wanted.splice(0, one.take));
      } else {
        queue.clear();
        wanted = [];
      }
      expect(queue.length).toBe(wanted.length);
    }
  }));
});
