import { expect, test } from "vitest";
import { Mailbox } from "./mailbox.ts";
import { RecordType, RingReader, RingWriter } from "./ring.ts";
import { giveMemory, takeMemory } from "./shared_memory.ts";

test("memory that is given back is taken again, as good as new", () => {
  const first = takeMemory(), other = takeMemory();
  expect(other.ring).not.toBe(first.ring);
  new RingWriter(first.ring).write(RecordType.copy, 0, 1, 0, 60, 1, 0, 0, null, 0);
  const mailbox = new Mailbox(first.mailbox);
  mailbox.post({ op: "end" });
  mailbox.keep = 192;
  giveMemory(first);
  const again = takeMemory();
  expect(again).toEqual(first);
  expect(again.ring).toBe(first.ring);
  expect(new RingReader(again.ring).read()).toBeNull();
  const fresh = new Mailbox(again.mailbox);
  expect(fresh.take(0)).toBeNull();
  expect(fresh.keep).toBe(0);
  expect(fresh.post({ op: "counts" })).toBe(1);
});
