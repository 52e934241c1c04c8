/** For tests: a link over a real Unix socket, with a driver that only keeps books. */
import { buildUdp4, type LinkCounts } from "../packet/mod.ts";
import { connectLink, type LinkClient } from "./client.ts";
import { serveControl } from "./control.ts";
import type { Driver, DriverCounts } from "./driver.ts";
import { driversOf } from "./drivers_for_test.ts";
import { Link } from "./link.ts";
import type { LinkSetting } from "./protocol.ts";
import { RecordType, type RingRecord } from "./ring.ts";

/** What {@linkcode BookDriver.pass} passes. */
export const packet = buildUdp4({
  src: "10.77.0.3",
  dst: "10.77.0.2",
  srcPort: 5,
  dstPort: 7,
}) as Uint8Array<
  ArrayBuffer
>;

function counts(seen: number): LinkCounts {
  return {
    seen,
    delivered: seen,
    lost: 0,
    duplicated: 0,
    corrupted: 0,
    reordered: 0,
    dropped_full: 0,
  };
}

/** Counts what passes; its clock is the number of commands. */
export class BookDriver implements Driver {
  readonly name = "tun";
  keep = 0;
  onRecord: Driver["onRecord"] = () => {};
  caughtUp: Driver["caughtUp"] = () => Promise.resolve();
  readonly broken = new Promise<Error>(() => {});
  readonly commands: string[] = [];
  /** Throws at the next command. */
  refuses: Error | null = null;
  #seen = 0;

  #counts(command: string): Promise<DriverCounts> {
    if (this.refuses) return Promise.reject(this.refuses);
    this.commands.push(command);
    const t_us = this.commands.length;
    const up = { ...counts(this.#seen), queued: 0 }, down = { ...counts(0), queued: 0 };
    return Promise.resolve({ t_us, up, down, missed: 0 });
  }
  begin(up: LinkSetting, down: LinkSetting): Promise<DriverCounts> {
    this.#seen = 0;
    if (this.refuses === null) {
      this.onRecord({
        type: RecordType.begin,
        direction: 0,
        n: 0,
        time: 0,
        length: 0,
        copies: 0,
        cause: 0,
        flags: 0,
        data: new Uint8Array(0),
      });
    }
    return this.#counts(`begin ${up.profile}|${down.profile}`);
  }
  set(change: { up?: LinkSetting; down?: LinkSetting }): Promise<DriverCounts> {
    return this.#counts(`set ${change.up?.profile}|${change.down?.profile}`);
  }
  counts(): Promise<DriverCounts> {
    return this.#counts("counts");
  }
  end(): Promise<DriverCounts> {
    return this.#counts("end");
  }
  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
  /** A packet comes and leaves at once. */
  pass(): void {
    const n = ++this.#seen;
    const record: RingRecord = {
      type: RecordType.packet,
      direction: 0,
      n,
      time: n * 1000,
      length: packet.length,
      copies: 1,
      cause: 0,
      flags: 0,
      data: packet.slice(0, this.keep),
    };
    if (this.keep > 0) this.onRecord(record);
    if (this.keep > 0) this.onRecord({ ...record, type: RecordType.copy });
  }
}

/** A link that is served, and a client of it. */
export class ServedLink implements Disposable {
  readonly driver = new BookDriver();
  readonly folder = Deno.makeTempDirSync();
  /** Path of the control socket. */
  readonly path = `${this.folder}/control.sock`;
  readonly #listener = Deno.listen({ transport: "unix", path: this.path });
  #client!: LinkClient;

  static async start(): Promise<ServedLink> {
    const served = new ServedLink();
    const on = { device: "eth0", address: "10.77.0.2", prefix: 24, mtu: 1500 };
    const link = new Link(await driversOf(served.driver), on, "reno");
    serveControl(served.#listener, link).catch(() => {});
    served.#client = await connectLink(served.path);
    return served;
  }

  get client(): LinkClient {
    return this.#client;
  }

  [Symbol.dispose](): void {
    this.#client.close();
    this.#listener.close();
    Deno.removeSync(this.folder, { recursive: true });
  }
}
