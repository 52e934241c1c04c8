import { expect, test } from "vitest";
import { Netem, NetemCause } from "./netem.ts";
import { parseProfile } from "./parse.ts";
import { parseScriptLine } from "./script_text.ts";

const SECOND = 1e9;

/** Each packet alone in the link: `L`, or for each copy (duplicate first) `d` or `o`, `!`, delay in ns. */
function fates(profile: string, count: number, script = ""): string[] {
  const model = new Netem(parseProfile(profile), { script: parseScriptLine(script) });
  return Array.from({ length: count }, (_, index) => {
    const now = (index + 1) * 1000 * SECOND;
    model.enqueue(index, 98, now);
    const copies: string[] = [];
    for (let at = model.nextAt(); at < Infinity; at = model.nextAt()) {
      expect(model.dequeue(Math.max(at, now))).toBe(index);
      const delay = at - now;
      copies.push(
        `${model.outCopyIndex === 1 ? "d" : "o"}${model.outCorruptBit >= 0 ? "!" : ""}${delay}`,
      );
    }
    return copies.length === 0 ? "L" : copies.sort().join("");
  });
}

// Expected fates come from a program in C with the kernel's integer types.
test.each([
  [
    "loss 25% seed 42",
    "o0 L L L L L L o0 o0 o0 o0 L o0 L o0 o0 o0 o0 o0 o0 o0 o0 o0 o0 o0 o0 o0 L",
  ],
  [
    "delay 10ms 3333333ns seed 7",
    "o12572482 o12351693 o7156516 o7589949 o8149808 o9163964 o11241216 o10420585",
  ],
  [
    "delay 10ms 20ms distribution normal loss 20% corrupt 20% duplicate 20% reorder 30% gap 3 seed 99",
    "o7336426 o!26977539 o!0 d!1262207o!-13535156 o6718750 o!0 L o-5246582 o!63254395 o37358398 L L " +
    "o0 d6953125o-2092285 d27385254o1125488 o1916504 d0o16591797 L d7719727o0 o5747070 o32797852 " +
    "o0 L o-13632813 o-14233398 o41088867 o!28613281 o0 o!39619141 L",
  ],
  [
    "delay 5ms 1234567ns distribution paretonormal seed 12345678901234567890",
    "o3908150 o4748776 o5436740 o3953813 o4662724 o3850581 o4801071 o5513599",
  ],
])("%s decides and delays as the kernel's arithmetic does", (profile, expected) => {
  const words = expected.split(" ");
  expect(fates(profile, words.length)).toEqual(words);
});

test("a correlated stream is the same for the same seed and another for another", () => {
  const profile = "delay 10ms 5ms 50% loss 20% 30% duplicate 10% 20% corrupt 5% 10%";
  expect(fates(`${profile} seed 5`, 50)).toEqual(fates(`${profile} seed 5`, 50));
  expect(fates(`${profile} seed 5`, 50)).not.toEqual(fates(`${profile} seed 6`, 50));
});

test("when each copy may leave, and which is damaged, is known as soon as a packet has come", () => {
  const profile = "delay 10ms 3ms duplicate 30% corrupt 30% reorder 20% loss 10% seed 21";
  const model = new Netem(parseProfile(profile));
  let twins = 0;
  for (let n = 1; n <= 500; n++) {
    const now = n * SECOND;
    const copies = model.enqueue(n, 98, now);
    const told = new Map<number, [at: number, damaged: boolean]>();
    if (copies > 0) told.set(0, [model.lastAt, model.lastCorrupted]);
    if (model.lastTwinAt >= 0) told.set(1, [model.lastTwinAt, model.lastTwinCorrupted]);
    expect(told.size).toBe(copies);
    twins += copies === 2 ? 1 : 0;
    for (let at = model.nextAt(); at < Infinity; at = model.nextAt()) {
      model.dequeue(Math.max(at, now));
      expect(told.get(model.outCopyIndex)).toEqual([at, model.outCorruptBit >= 0]);
    }
  }
  expect(twins).toBeGreaterThan(50);
});

test("a packet chosen for duplication and loss alike passes once", () => {
  const model = new Netem(parseProfile("loss 100% duplicate 100%"));
  expect(model.enqueue(1, 98, 0)).toBe(1);
  expect(model.counts).toMatchObject({ lost: 0, duplicated: 0 });
});

test("rate: each packet follows the last in the queue by its own time on the wire", () => {
  // 98 bytes at 1,000 bytes a second.
  expect(departures("rate 8kbit", 3, 0)).toEqual([0.098, 0.196, 0.294].map((s) => s * SECOND));
});

test("rate: the delay runs while the wire is busy", () => {
  expect(departures("delay 150ms rate 8kbit", 3, 0)).toEqual(
    [0.248, 0.346, 0.444].map((s) => s * SECOND),
  );
});

test("rate: overhead and cells are counted as ATM counts them", () => {
  // 98 + 2 bytes are 3 cells of 48, each with 5 more: 159 bytes.
  expect(departures("rate 8kbit 2 48 5", 1, 0)).toEqual([0.159 * SECOND]);
  expect(departures("rate 8kbit -14", 1, 0)).toEqual([0.084 * SECOND]);
  expect(departures("rate 8kbit -200", 1, 0)).toEqual([0]);
});

test("limit: a full queue drops what comes, after its draws", () => {
  const model = new Netem(parseProfile("limit 2 delay 1s"));
  expect([1, 2, 3].map((token) => model.enqueue(token, 98, 0))).toEqual([1, 1, 0]);
  expect(model.lastCause).toBe(NetemCause.limit);
  expect(model.counts).toMatchObject({ seen: 3, lost: 1, dropped_full: 1 });
  expect(model.queued).toBe(2);
});

test("limit: a packet that found room takes its duplicate along", () => {
  const model = new Netem(parseProfile("limit 1 delay 1s duplicate 100%"));
  expect([1, 2].map((token) => model.enqueue(token, 98, 0))).toEqual([2, 0]);
});

test("ecn: a packet that can be marked is marked in place of its loss", () => {
  const model = new Netem(parseProfile("loss 100% ecn"));
  expect(model.enqueue(1, 98, 0, true)).toBe(1);
  expect(model.lastMarked).toBe(true);
  expect(model.dequeue(0)).toBe(1);
  expect(model.outMarked).toBe(true);
  expect(model.enqueue(2, 98, 0, false)).toBe(0);
  expect([model.lastMarked, model.lastCause]).toEqual([false, NetemCause.loss]);
});

test("ecn: a mark on a duplicate is on its original too, unless that was damaged", () => {
  const marks = (profile: string) => {
    const model = new Netem(parseProfile(profile));
    const pairs = new Set<string>();
    for (let token = 0; token < 400; token++) {
      if (model.enqueue(token, 98, 0, true) !== 2) continue;
      const copies = [0, 1].map(() => (model.dequeue(0), model.outMarked));
      pairs.add(`${model.outCopyIndex} ${copies}`);
    }
    return [...pairs].sort();
  };
  // The duplicate leaves first. A mark of the original alone was set before it was copied: both have it.
  const whole = ["0 false,false", "0 true,true"];
  expect(marks("loss 40% ecn duplicate 100% seed 1")).toEqual(whole);
  expect(marks("loss 40% ecn duplicate 100% corrupt 50% seed 1")).toEqual([
    "0 false,false",
    "0 true,false",
    "0 true,true",
  ]);
});

test("looks: a replay decides itself when the queue is looked at", () => {
  const model = new Netem(parseProfile("slot 10ms"));
  model.looks = false;
  model.enqueue(1, 98, 0);
  expect(model.dequeue(5e6)).toBe(-1);
  expect(model.nextAt()).toBe(15e6);
});

test("outDue tells the time that a copy was given, whenever it leaves", () => {
  const model = new Netem(parseProfile("delay 3ms"));
  model.enqueue(1, 98, 1e6);
  expect(model.dequeue(9e6)).toBe(1);
  expect(model.outDue).toBe(4e6);
});

test("reorder with a gap lets at most every Nth packet overtake", () => {
  const model = new Netem(parseProfile("delay 1s reorder 100% gap 3"));
  const order: number[] = [];
  for (let token = 1; token <= 7; token++) {
    model.enqueue(token, 98, token);
    while (model.nextAt() <= token) order.push(model.dequeue(token));
  }
  expect(order).toEqual([3, 6]);
  expect(model.counts.reordered).toBe(2);
});

test("packets of one time leave in the order in which they came", () => {
  const model = new Netem(parseProfile("delay 1ms"));
  for (const token of [5, 3, 9]) model.enqueue(token, 98, 0);
  expect([0, 1, 2].map(() => model.dequeue(1e6))).toEqual([5, 3, 9]);
  expect(model.dequeue(1e6)).toBe(-1);
});

test("slot: packets leave in bursts of at most so many packets", () => {
  const model = new Netem(parseProfile("slot 10ms packets 2"));
  const left: [number, number][] = [];
  for (let token = 1; token <= 5; token++) model.enqueue(token, 98, 0);
  for (let at = model.nextAt(); at < Infinity; at = model.nextAt()) {
    const token = model.dequeue(at);
    if (token >= 0) left.push([token, at / 1e6]);
  }
  expect(left).toEqual([[1, 10], [2, 10], [3, 20], [4, 20], [5, 30]]);
});

test("slot: packets leave in bursts of at most so many bytes", () => {
  const model = new Netem(parseProfile("slot 10ms bytes 200"));
  const left: number[] = [];
  for (let token = 1; token <= 4; token++) model.enqueue(token, 98, 0);
  for (let at = model.nextAt(); at < Infinity; at = model.nextAt()) {
    if (model.dequeue(at) >= 0) left.push(at / 1e6);
  }
  expect(left).toEqual([10, 10, 10, 20]);
});

test("change() without a seed goes on with the stream, with one starts over", () => {
  const steady = fates("loss 50% seed 9", 40);
  const model = new Netem(parseProfile("loss 50% seed 9"));
  const seen: string[] = [];
  const send = (count: number) => {
    for (let i = 0; i < count; i++) seen.push(model.enqueue(i, 98, 0) === 0 ? "L" : "o0");
  };
  send(20);
  model.change(parseProfile("loss 50%"));
  send(20);
  expect(seen).toEqual(steady);
  model.change(parseProfile("loss 50% seed 9"));
  seen.length = 0;
  send(40);
  expect(seen).toEqual(steady);
  expect(model.n).toBe(80);
});

test("change() keeps what is queued at its time", () => {
  const model = new Netem(parseProfile("delay 1s"));
  model.enqueue(7, 98, 0);
  model.change(parseProfile(""));
  expect(model.nextAt()).toBe(SECOND);
});

test("change() that fails changes nothing", () => {
  const model = new Netem(parseProfile("loss 100%"));
  expect(() => model.change(parseProfile("delay 1ms 1ms distribution experimental"))).toThrow(
    RangeError,
  );
  expect(model.enqueue(1, 98, 0)).toBe(0);
});

test("a script decides for the packets that it names", () => {
  const script = "lose 1; duplicate 2; corrupt 3; delay 4 by 2ms";
  const [first, second, third, fourth, fifth] = fates("delay 5ms", 5, script);
  expect([first, second, third, fourth, fifth]).toEqual([
    "L",
    "d5000000o5000000",
    "o!5000000",
    "o7000000",
    "o5000000",
  ]);
});

test("a script shields the packets that it names from the profile's chances", () => {
  const profile = "delay 1ms loss 100% corrupt 100% reorder 100%";
  expect(fates(profile, 3, "delay 2 by 1ms")).toEqual(["L", "o2000000", "L"]);
});

test("a script does not shift the stream for the packets that it does not name", () => {
  const all = (profile: string, script: string) => fates(profile, 400, script);
  for (const script of ["lose 3-9", "duplicate 3-9", "corrupt 3-9", "delay 3-9 by 1ms"]) {
    const profile =
      "delay 10ms 9ms 20% distribution normal loss 20% 10% corrupt 20% duplicate 20% " +
      "reorder 30% gap 3 seed 11";
    const with_ = all(profile, script);
    const without = all(profile, "");
    expect(with_.slice(0, 2)).toEqual(without.slice(0, 2));
    expect(with_.slice(9)).toEqual(without.slice(9));
  }
});

test("hold: the packet leaves right after the one that it waits for, before others of that time", () => {
  const model = new Netem(parseProfile("delay 1ms"), {
    script: parseScriptLine("hold 1 until 3; hold 2 until 3"),
  });
  for (let token = 1; token <= 4; token++) model.enqueue(token, 98, 0);
  expect(model.queued).toBe(4);
  expect([1, 2, 3, 4].map(() => model.dequeue(1e6))).toEqual([3, 1, 2, 4]);
});

test("hold: the packet leaves when the one that it waits for is lost", () => {
  const model = new Netem(parseProfile(""), { script: parseScriptLine("hold 1 until 2; lose 2") });
  model.enqueue(1, 98, 0);
  expect(model.nextAt()).toBe(Infinity);
  model.enqueue(2, 98, 5);
  expect(model.nextAt()).toBe(5);
  expect(model.dequeue(5)).toBe(1);
});

test("drain() counts a packet as lost once, and not where a copy has left", () => {
  const model = new Netem(parseProfile("delay 1ms"), {
    script: parseScriptLine("duplicate 1-2; hold 4 until 9"),
  });
  for (let token = 1; token <= 4; token++) model.enqueue(token, 98, 0);
  expect(model.dequeue(1e6)).toBe(1);
  const drained: number[] = [];
  model.drain((token) => drained.push(token));
  expect(drained).toEqual([1, 2, 2, 3, 4]);
  expect(model.counts).toMatchObject({ seen: 4, delivered: 1, duplicated: 2, lost: 3 });
  expect([model.queued, model.discarded]).toEqual([0, 2]);
});

/** When each of `count` packets leaves that come together at `now`, in ns after it. */
function departures(profile: string, count: number, now: number): number[] {
  const model = new Netem(parseProfile(profile));
  for (let token = 0; token < count; token++) model.enqueue(token, 98, now);
  return Array.from({ length: count }, () => {
    const at = model.nextAt();
    model.dequeue(at);
    return at - now;
  });
}
