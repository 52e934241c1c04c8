/**
 * The `tun` driver: netem's decisions made in user space, on packets taken from and returned to the kernel.
 */
import { parseAddress } from "../packet/mod.ts";
import type { Driver, DriverCounts } from "./driver.ts";
import { type Libc, openLibc } from "./libc.ts";
import type { LoopOptions } from "./loop.ts";
import { tool } from "./machine.ts";
import type { LoopCommand } from "./mailbox.ts";
import type { LinkSetting } from "./protocol.ts";
import { type LinkInterface, type RouteCommands, routeCommands, routeCommands6 } from "./routes.ts";
import { withTable } from "./tables.ts";
import { type DriverThread, openShared, startThread, ThreadDriver } from "./thread_driver.ts";
import { openTun, type TunDescriptors } from "./tun.ts";

/**
 * Takes over the packets of an interface.
 *
 * @param on The interface, as `readInterface()` found it.
 * @throws {Error} Saying what the machine lacks.
 */
export async function startTunDriver(on: LinkInterface): Promise<Driver> {
  const libc = openLibc();
  const descriptors = openTun(libc, on.six !== undefined);
  const shared = openShared(libc), { wakeup, ring, mailbox } = shared;
  const options: LoopOptions = {
    descriptors,
    wakeup,
    ring,
    mailbox,
    server: parseAddress(on.address),
    ...(on.six && { server6: parseAddress(on.six.address) }),
    mtu: on.mtu,
  };
  const { ready, ...thread } = startThread(new URL("./worker.ts", import.meta.url), options);
  const driver = new TunDriver({ ...shared, ...thread }, descriptors);
  try {
    await Promise.all([setRoutes(on), ready]);
  } catch (error) {
    await driver[Symbol.asyncDispose]();
    throw error;
  }
  return driver;
}

/** Leads packets through the device: last, for from then on they wait for the thread that reads it. */
async function setRoutes(on: LinkInterface): Promise<void> {
  await batch([], routeCommands(on));
  const six = routeCommands6(on);
  if (six !== null) await batch(["-6"], six);
}

async function batch(family: string[], { clear, set }: RouteCommands): Promise<void> {
  await tool("ip", [...family, "-force", "-batch", "-"], clear.join("\n")).catch(() => {});
  await tool("ip", [...family, "-batch", "-"], set.join("\n"));
}

class TunDriver extends ThreadDriver<LoopCommand> implements Driver {
  readonly name = "tun";
  readonly #libc: Libc;
  /** What is to be closed at the end. */
  readonly #open: number[];

  constructor(thread: DriverThread, { tun, raw, raw6 }: TunDescriptors) {
    super(thread);
    this.#libc = thread.libc;
    this.#open = [tun, raw, raw6, thread.wakeup].filter((descriptor) => descriptor >= 0);
  }

  begin(up: LinkSetting, down: LinkSetting): Promise<DriverCounts> {
    return this.command({ op: "begin", up: withTable(up), down: withTable(down) });
  }

  set(change: { up?: LinkSetting; down?: LinkSetting }): Promise<DriverCounts> {
    return this.command({
      op: "set",
      ...(change.up && { up: withTable(change.up) }),
      ...(change.down && { down: withTable(change.down) }),
    });
  }

  counts(): Promise<DriverCounts> {
    return this.command({ op: "counts" });
  }

  end(): Promise<DriverCounts> {
    return this.command({ op: "end" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop({ op: "stop" });
    // The device goes with its descriptor, and its routes with the device: what rules lead there goes on as without them.
    for (const descriptor of this.#open.splice(0)) this.#libc.close(descriptor);
  }
}
