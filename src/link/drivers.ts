/**
 * The drivers of one link: which of them is in force, and the change from one to the other between runs.
 */
import { factOf } from "./advised_error.ts";
import {
  checkChange,
  chooseDriver,
  type DriverName,
  type DriverNeeds,
  type DriverReport,
  type DriverWish,
  LackingError,
  tcRefusal,
} from "./driver_choice.ts";
import type { Driver } from "./driver.ts";
import type { TcFacts } from "./tc/probe.ts";

/** What drivers are started with. */
export interface DriverMachine {
  /** Looks for the kernel's netem; called once at most. */
  probe(): Promise<TcFacts>;
  startTc(facts: TcFacts): Promise<Driver>;
  startTun(): Promise<Driver>;
}

/** A driver that is ready for a run, and not yet in force. */
export interface Taken {
  report: DriverReport;
  /** Whether the run's seeds are to be left away. */
  unseeded: boolean;
  /** Puts it in force in the other's stead; nothing where it is. */
  adopt(): Promise<void>;
  /** Takes it away again instead; nothing where it is in force. */
  leave(): Promise<void>;
}

/** What nearly every run asks: to be repeatable, from a seed that was drawn for it. */
const ordinary: DriverNeeds = { script: false, seed: "drawn" };

/** The drivers of a link. One at a time is in force; the other is not even started until a run needs it. */
export class Drivers implements AsyncDisposable {
  /** What the link was started with. */
  readonly wish: DriverWish;
  /** Settles when the driver in force has failed. */
  readonly broken: Promise<Error>;
  readonly #machine: DriverMachine;
  readonly #failed = Promise.withResolvers<Error>();
  #facts: TcFacts | null;
  #driver!: Driver;
  #report: DriverReport = { driver: "tun" };
  #keep = 0;
  #broke = false;
  #onRecord: Driver["onRecord"] = () => {};
  #caughtUp: Driver["caughtUp"] = () => Promise.resolve();

  private constructor(wish: DriverWish, machine: DriverMachine, facts: TcFacts | null) {
    this.wish = wish;
    this.broken = this.#failed.promise;
    this.#machine = machine;
    this.#facts = facts;
  }

  /**
   * Starts the driver that an ordinary run takes.
   *
   * @throws {Error} Saying what the machine lacks.
   */
  static async start(wish: DriverWish, machine: DriverMachine): Promise<Drivers> {
    const facts = wish === "tun" ? null : await probe(machine);
    if (wish === "tc" && !facts!.works) throw new Error(tcRefusal(facts!));
    const drivers = new Drivers(wish, machine, facts);
    await (await drivers.take(ordinary)).adopt();
    // Nobody's seeds have been left away yet.
    if (drivers.#report.driver === "tc") delete drivers.#report.why;
    return drivers;
  }

  /** The one in force. */
  get driver(): Driver {
    return this.#driver;
  }

  /** The one in force, with what is to be said of it. */
  get report(): DriverReport {
    return this.#report;
  }

  /** As `Driver.keep`, whichever is in force. */
  get keep(): number {
    return this.#keep;
  }
  set keep(bytes: number) {
    this.#keep = this.#driver.keep = bytes;
  }

  /** As `Driver.onRecord` and `Driver.caughtUp`, whichever is in force. */
  listen(to: Pick<Driver, "onRecord" | "caughtUp">): void {
    this.#onRecord = to.onRecord;
    this.#caughtUp = to.caughtUp;
    this.#connect(this.#driver);
  }

  #connect(driver: Driver): void {
    driver.keep = this.#keep;
    driver.onRecord = this.#onRecord;
    driver.caughtUp = this.#caughtUp;
  }

  /**
   * Whether the driver in force can do what is wanted of it besides, in the middle of a run.
   *
   * @throws {RefusedError} Where it cannot.
   */
  check(needs: DriverNeeds): void {
    if (this.#report.driver === "tc") checkChange(needs, { wish: this.wish, facts: this.#facts! });
  }

  /**
   * Gets the driver ready that a run takes: started, where it is not in force, beside the one that is.
   *
   * @param asked What the run itself asks for.
   * @throws {RefusedError} Where that contradicts itself or the link.
   * @throws {Error} Where the machine lacks what it needs; the one in force stays so.
   */
  async take(needs: DriverNeeds, asked?: DriverName): Promise<Taken> {
    const free = this.wish === "auto" && asked === undefined;
    for (;;) {
      const { report, unseeded } = chooseDriver(needs, {
        wish: this.wish,
        facts: await this.#look(asked),
        ...(asked && { asked }),
      });
      if (report.driver === this.#driver?.name) {
        return {
          report,
          unseeded,
          adopt: () => Promise.resolve(void (this.#report = report)),
          leave: () => Promise.resolve(),
        };
      }
      try {
        const next = await this.#begin(report.driver);
        return {
          report,
          unseeded,
          adopt: () => this.#change(next, report),
          leave: async () => await next[Symbol.asyncDispose](),
        };
      } catch (error) {
        if (report.driver === "tc" && free) {
          // Its trial went well and it does not: from now on it is as one that is not there.
          this.#facts = { ...this.#facts!, works: false, reason: `tc failed: ${factOf(error)}` };
          continue;
        }
        if (!(error instanceof LackingError) || report.why === undefined) throw error;
        throw new LackingError(`${error.message}, and ${report.why}`, { cause: error });
      }
    }
  }

  /**
   * Gets `tun` ready in the stead of a `tc` that could not begin a run, for that run alone.
   *
   * @returns Null where there is none that may take its place: it was asked for, or nothing else works either.
   */
  async takeInstead(failure: Error, asked?: DriverName): Promise<Taken | null> {
    // A driver that is broken ends the link.
    if (this.wish !== "auto" || asked !== undefined || this.#broke) return null;
    if (this.#report.driver !== "tc") return null;
    const report: DriverReport = { driver: "tun", why: `tc failed: ${factOf(failure)}` };
    try {
      const next = await this.#begin("tun");
      return {
        report,
        unseeded: false,
        adopt: () => this.#change(next, report),
        leave: async () => await next[Symbol.asyncDispose](),
      };
    } catch {
      return null;
    }
  }

  /** What is known of the kernel's netem; a link that was to take `tun` need not know. */
  async #look(asked: DriverName | undefined): Promise<TcFacts | null> {
    if (asked === "tc" && this.wish !== "tun") this.#facts ??= await probe(this.#machine);
    return this.#facts;
  }

  #begin(name: DriverName): Promise<Driver> {
    return name === "tc" ? this.#machine.startTc(this.#facts!) : this.#machine.startTun();
  }

  /** The new one is in place when the old one goes: for a moment packets pass both, and never neither. */
  async #change(next: Driver, report: DriverReport): Promise<void> {
    const old = this.#driver as Driver | undefined;
    this.#driver = next;
    this.#report = report;
    this.#connect(next);
    next.broken.then((error) => {
      if (this.#driver !== next) return;
      this.#broke = true;
      this.#failed.resolve(error);
    });
    await old?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#driver[Symbol.asyncDispose]();
  }
}

/** Looks for the kernel's netem; where even that fails, there is none. */
async function probe(machine: DriverMachine): Promise<TcFacts> {
  try {
    return await machine.probe();
  } catch (error) {
    const reason = `the look for the kernel's netem failed: ${(error as Error).message}`;
    return { works: false, seeds: false, nanoseconds: false, kernel: "", iproute2: "", reason };
  }
}
