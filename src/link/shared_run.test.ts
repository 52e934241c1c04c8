/**
 * Whose run it is, held against a model: any sequence of begins, joins, ends and connections that close.
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { LinkEvent } from "../packet/mod.ts";
import type { Driver, DriverCounts } from "./driver.ts";
import { driversOf } from "./drivers_for_test.ts";
import { Link } from "./link.ts";
import { RecordType } from "./ring.ts";
import { Run } from "./shared_run.ts";

const wire = { profile: "", script: "" };
const settings = [1, 2].map((seed) => ({
  up: { profile: `loss 10% seed ${seed}`, script: "" },
  down: wire,
}));

/** A driver that passes nothing. */
function idleDriver(): Driver {
  const none = { seen: 0, delivered: 0, lost: 0, duplicated: 0, corrupted: 0, reordered: 0 };
  const way = { ...none, dropped_full: 0, queued: 0 };
  const counts = (): Promise<DriverCounts> =>
    Promise.resolve({ t_us: 0, up: way, down: way, missed: 0 });
  const driver: Driver = {
    name: "tun",
    keep: 0,
    onRecord: () => {},
    caughtUp: () => Promise.resolve(),
    broken: new Promise(() => {}),
    begin() {
      const zero = {
        direction: 0 as const,
        n: 0,
        time: 0,
        length: 0,
        copies: 0,
        cause: 0,
        flags: 0,
      };
      driver.onRecord({ type: RecordType.begin, ...zero, data: new Uint8Array(0) });
      return counts();
    },
    set: counts,
    counts,
    end: counts,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return driver;
}

type Step =
  | { op: "begin"; caller: number; setting: number; join: boolean; drawn: boolean }
  | { op: "end" | "close"; caller: number };

const caller = fc.nat(3);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    op: fc.constant("begin" as const),
    caller,
    setting: fc.nat(1),
    join: fc.boolean(),
    drawn: fc.boolean(),
  }),
  fc.record({ op: fc.constantFrom("end" as const, "close" as const), caller }),
);

/** What should be: a run by its epoch, who takes part in it, and who ever did. */
interface ModelRun {
  epoch: number;
  seed: number;
  parts: Set<number>;
}

test("a run is joined, left and ended as documented, whatever its callers do", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const on = { device: "eth0", address: "10.77.0.2", prefix: 24, mtu: 1500 };
      const link = new Link(await driversOf(idleDriver()), on, "reno");
      const told: string[] = [];
      link.watch({
        read: () => new Promise(() => {}),
        write: (bytes) => {
          for (const line of new TextDecoder().decode(bytes).split("\n").filter(Boolean)) {
            told.push((JSON.parse(line) as LinkEvent).ev);
          }
          return Promise.resolve(bytes.length);
        },
        closeWrite: () => Promise.resolve(),
        close: () => {},
      }, new Uint8Array(0));
      const callers = Array.from({ length: 4 }, () => ({}));
      const partOf = new Map<number, ModelRun>();
      const expected: string[] = [];
      let current: ModelRun | null = null, epoch = 0, lastSeed = 0;
      const over = () => {
        if (current !== null) expected.push("end");
        current = null;
      };
      for (const one of steps) {
        const who = callers[one.caller]!, part = partOf.get(one.caller);
        const running = current as ModelRun | null;
        if (one.op === "begin") {
          const { join, drawn } = one;
          const asked = link.begin({
            ...settings[one.setting]!,
            ...(join && { join }),
            ...(drawn && { reuse_seeds: true }),
          }, who);
          const wanted = one.setting + 1;
          const joins = join && running !== null && running.parts.size > 0 &&
            (drawn || running.seed === wanted);
          const others = [...running?.parts ?? []].some((part) => part !== one.caller);
          if (join && !joins && others) {
            await expect(asked).rejects.toThrow("it uses another network");
            expect(await link.show()).toMatchObject({ epoch, running: true });
            continue;
          }
          const state = await asked;
          expect(state.joined).toBe(joins);
          if (!joins) {
            over();
            lastSeed = drawn && lastSeed > 0 ? lastSeed : wanted;
            current = { epoch: ++epoch, seed: lastSeed, parts: new Set() };
            expected.push("begin");
          }
          if (join) {
            current!.parts.add(one.caller);
            partOf.set(one.caller, current!);
          } else partOf.delete(one.caller);
          expect(state).toMatchObject({ epoch: current!.epoch, running: true });
          expect(state.up.profile).toMatch(new RegExp(`seed ${current!.seed}$`));
        } else if (one.op === "end") {
          const { last } = await link.end(who);
          const left = part?.parts.delete(one.caller) ?? false;
          const ends = part === undefined || (part === running && left && part.parts.size === 0);
          expect(last).toBe(ends);
          if (ends) over();
        } else {
          await link.leave(who);
          const left = part?.parts.delete(one.caller) ?? false;
          if (part !== undefined && part === running && left && part.parts.size === 0) over();
          partOf.delete(one.caller);
          callers[one.caller] = {};
        }
        expect((await link.show()).running).toBe(current !== null);
      }
      await link.end({});
      over();
      expect(told).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

test("Run.leave() tells the last who took part, once", () => {
  const [first, second] = [{}, {}];
  const run = new Run(settings[0]!, first);
  run.join(second);
  expect([run.leave(first), run.leave(first), run.leave(second), run.leave(second)]).toEqual([
    false,
    false,
    true,
    false,
  ]);
  expect(new Run(settings[0]!).shared).toBe(false);
});
