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
import { parseArgs } from "node:util";
import { serveControl } from "./control.ts";
import { Link } from "./link.ts";
import { pinCongestionControl, readInterface, setSwitches } from "./machine.ts";
import { requiredSwitches } from "./routes.ts";
import { startTunDriver } from "./tun_driver.ts";

async function main(): Promise<number> {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      device: { type: "string", default: "eth0" },
      socket: { type: "string" },
      driver: { type: "string", default: "auto" },
      "owner-stdin": { type: "boolean", default: false },
    },
  });
  const { device, socket, driver: wanted } = values;
  if (socket === undefined) throw new Error("Say where the control socket goes: --socket PATH");
  if (wanted === "tc") throw new Error("Use --driver tun: the tc driver is not built yet");
  setSwitches(requiredSwitches(device));
  const congestion = pinCongestionControl();
  const on = await readInterface(device);
  await using driver = await startTunDriver(on);
  const link = new Link(driver, on, congestion);
  const listener = Deno.listen({ transport: "unix", path: socket });
  Deno.chmodSync(socket, 0o600);
  const removeSocket = () => {
    try {
      Deno.removeSync(socket);
    } catch {
      // Its folder may be gone already.
    }
  };
  const ends: Promise<number>[] = [
    new Promise((resolve) => Deno.addSignalListener("SIGTERM", () => resolve(0))),
    driver.broken.then((error) => {
      console.error(error.message);
      return 3;
    }),
    serveControl(listener, link).then(() => 3),
  ];
  if (values["owner-stdin"]) ends.push(untilOwnerEnds());
  console.log(JSON.stringify({ v: 1, ready: true, driver: driver.name }));
  const status = await Promise.race(ends);
  listener.close();
  removeSocket();
  return status;
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
