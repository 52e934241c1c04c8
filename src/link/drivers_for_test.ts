/** Drivers for tests. */
import type { LinkCounts } from "../packet/mod.ts";
import type { Driver } from "./driver.ts";
import { type DriverName, LackingError } from "./driver_choice.ts";
import { type DriverMachine, Drivers } from "./drivers.ts";
import { RecordType, type RingRecord } from "./ring.ts";
import type { TcFacts } from "./tc/probe.ts";

/** What is found of a netem that does all. */
export const netem: TcFacts = {
  works: true,
  seeds: true,
  nanoseconds: true,
  kernel: "6.12",
  iproute2: "6.15",
  reason: "",
};

/** What is found where there is none. */
export const noNetem: TcFacts = {
  ...netem,
  works: false,
  seeds: false,
  reason: "this kernel has no netem",
};

/** Returns the drivers of a link that has this one alone. */
export function driversOf(driver: Driver): Promise<Drivers> {
  const none = () => Promise.reject(new Error("There is no other driver"));
  return Drivers.start("tun", {
    probe: none,
    startTc: none,
    startTun: () => Promise.resolve(driver),
  });
}

/** A machine that writes down what happens to its drivers. */
export class Machine implements DriverMachine {
  readonly log: string[] = [];
  readonly made: (Driver & { fail: (error: Error) => void })[] = [];
  /** What a driver's start fails with. */
  readonly faults = new Map<DriverName, string | Error>();
  /** Changes a driver before it is handed out. */
  prepare: (driver: Driver) => void = () => {};
  #facts: TcFacts | Error;

  constructor(facts: TcFacts | Error = netem) {
    this.#facts = facts;
  }
  probe(): Promise<TcFacts> {
    this.log.push("probe");
    return this.#facts instanceof Error
      ? Promise.reject(this.#facts)
      : Promise.resolve(this.#facts);
  }
  startTc = () => this.#start("tc");
  startTun = () => this.#start("tun");

  #start(name: DriverName): Promise<Driver> {
    this.log.push(`start ${name}`);
    const fault = this.faults.get(name);
    if (fault instanceof Error) return Promise.reject(fault);
    if (fault !== undefined) return Promise.reject(new LackingError(fault));
    const failed = Promise.withResolvers<Error>();
    const zero = { seen: 0, delivered: 0, lost: 0, duplicated: 0, corrupted: 0 };
    const one: LinkCounts & { queued: number } = {
      ...zero,
      reordered: 0,
      dropped_full: 0,
      queued: 0,
    };
    const counts = () => Promise.resolve({ t_us: 0, missed: 0, up: one, down: one });
    const driver = {
      name,
      keep: 0,
      onRecord: (_record: RingRecord) => {},
      caughtUp: () => Promise.resolve(),
      broken: failed.promise,
      fail: failed.resolve,
      begin() {
        const none = { direction: 0, n: 0, time: 0, length: 0, copies: 0, cause: 0, flags: 0 };
        this.onRecord({ type: RecordType.begin, ...none, data: new Uint8Array(0) });
        return counts();
      },
      set: counts,
      counts,
      end: counts,
      [Symbol.asyncDispose]: () => {
        this.log.push(`end ${name}`);
        return Promise.resolve();
      },
    };
    this.prepare(driver);
    this.made.push(driver);
    return Promise.resolve(driver);
  }
}
