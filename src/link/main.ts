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
import { acceptMux, MUX_VERSION } from "../mux/mod.ts";
import { serveConnection, serveControl } from "./control.ts";
import { clearSocket, openControlSocket } from "./control_socket.ts";
import { Drivers } from "./drivers.ts";
import { readInterface } from "./interface.ts";
import { Link } from "./link.ts";
import { pinCongestionControl, setSwitches } from "./machine.ts";
import { readOptions } from "./options.ts";
import { clearKilledLink } from "./other_link.ts";
import { clearMarker, setMarker } from "./ready_marker.ts";
import { requiredSwitches } from "./switches.ts";
import { probeTc } from "./tc/probe.ts";
import { startTunDriver } from "./tun_driver.ts";

async function main(): Promise<number> {
  const { device, socket, driver: wish, ...options } = readOptions(Deno.args);
  const ends: Promise<number>[] = [
    new Promise((resolve) => Deno.addSignalListener("SIGTERM", () => resolve(0))),
  ];
  if (options.ownerStdin && !options.muxStdio) ends.push(untilOwnerEnds());
  const on = await readInterface(device);
  // Before anything is touched that the other link stands on.
  if (socket !== undefined) await clearSocket(socket);
  await clearKilledLink(on);
  if (options.readyMarker) await clearMarker(device);
  await using drivers = await Drivers.start(wish, {
    probe: probeTc,
    async startTc(facts) {
      // Loaded where it is used: a link with tun stays as small as it was.
      const { startTcDriver } = await import("./tc/tc_driver.ts");
      return await startTcDriver(on, facts);
    },
    startTun() {
      setSwitches(requiredSwitches(on));
      return startTunDriver(on);
    },
  });
  const link = new Link(drivers, on, pinCongestionControl());
  using control = socket === undefined
    ? null
    : await openControlSocket(socket, options.socketGroup);
  if (control !== null) ends.push(serveControl(control.listener, link).then(() => 3));
  ends.push(drivers.broken.then(fault));
  if (options.readyMarker) await setMarker(device);
  try {
    const mux = options.muxStdio ? { mux: MUX_VERSION } : {};
    console.log(JSON.stringify({ v: 1, ready: true, driver: drivers.driver.name, ...mux }));
    if (options.muxStdio) ends.push(serveStdio(link));
    return await Promise.race(ends);
  } finally {
    if (options.readyMarker) await clearMarker(device);
  }
}

function fault(error: Error): number {
  console.error(error.message);
  return 3;
}

/** Serves the connections that the owner opens over standard input and output, until it ends. */
async function serveStdio(link: Link): Promise<number> {
  const streams = { readable: Deno.stdin.readable, writable: Deno.stdout.writable };
  const wrong = await acceptMux(streams, (channel) => void serveConnection(channel, link));
  return wrong === null ? 0 : fault(wrong);
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
