/**
 * The link's own program: takes over an interface, serves its control socket, ends with its owner.
 *
 * ```sh
 * deno run -A src/link/main.ts --device eth0 --socket /run/lab/control.sock --driver auto --owner-stdin
 * ```
 *
 * Prints one JSON line on standard output once packets pass through it; what it cannot do is one line on standard
 * error and exit status 3.
 */
import { serveControl } from "./control.ts";
import { openLibc } from "./libc.ts";
import { Link } from "./link.ts";
import { pinCongestionControl, readInterface, setSwitches } from "./machine.ts";
import { shrink } from "./memory.ts";
import { readOptions } from "./options.ts";
import { requiredSwitches } from "./routes.ts";
import { startTunDriver } from "./tun_driver.ts";

async function main(): Promise<number> {
  const { device, socket, driver: wanted, ownerStdin } = readOptions(Deno.args);
  if (wanted === "tc") throw new Error("Use --driver tun: the tc driver is not built yet");
  const ends: Promise<number>[] = [
    new Promise((resolve) => Deno.addSignalListener("SIGTERM", () => resolve(0))),
  ];
  if (ownerStdin) ends.push(untilOwnerEnds());
  setSwitches(requiredSwitches(device));
  const congestion = pinCongestionControl();
  const on = await readInterface(device);
  await using driver = await startTunDriver(on);
  await clearSocket(socket);
  const listener = Deno.listen({ transport: "unix", path: socket });
  try {
    Deno.chmodSync(socket, 0o600);
    ends.push(
      driver.broken.then((error) => {
        console.error(error.message);
        return 3;
      }),
      serveControl(listener, new Link(driver, on, congestion)).then(() => 3),
    );
    shrink(openLibc());
    console.log(JSON.stringify({ v: 1, ready: true, driver: driver.name }));
    return await Promise.race(ends);
  } finally {
    listener.close();
    removeSocket(socket);
  }
}

function removeSocket(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // Its folder may be gone already.
  }
}

/**
 * Removes the socket that a killed link has left behind.
 *
 * @throws {Error} Where something answers on it.
 */
async function clearSocket(path: string): Promise<void> {
  try {
    if (!Deno.lstatSync(path).isSocket) return;
  } catch {
    return; // Nothing is there; whatever else is wrong, listening will tell.
  }
  const other = await Deno.connect({ transport: "unix", path }).catch(() => null);
  if (other === null) return Deno.removeSync(path);
  other.close();
  throw new Error(`End the other link first: it answers at ${path}`);
}

/** The owner holds the other end of standard input; however it ends, the kernel closes that. */
async function untilOwnerEnds(): Promise<number> {
  const bytes = new Uint8Array(64);
  while (await Deno.stdin.read(bytes).catch(() => null) !== null);
  return 0;
}

if (import.meta.main) {
  try {
    Deno.exit(await main());
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    Deno.exit(3);
  }
}
