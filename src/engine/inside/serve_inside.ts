/** The server's container: from its start to its end, which is the link's at the latest. */
import { readyMarker } from "../../link/mod.ts";
import { delay } from "../process.ts";
import { AGENT_SOCKET } from "./agent_protocol.ts";
import { type AgentOptions, ServerAgent } from "./server_agent.ts";

/** Where the link's mark is read, in the network that we share. */
const MARKER = "/sys/class/net/eth0/ifalias";
/** Milliseconds between looks for the marker. */
const pause = 3;
/**
 * Milliseconds between looks whether the network is still there: whoever has restarted the link and types `up` at once
 * must find us gone, for Compose starts again only what has ended.
 */
const watchEvery = 50;

/** How the agent is asked to end, and where it listens. */
export interface ServeInsideOptions extends AgentOptions {
  signal: AbortSignal;
  socket?: string;
  marker?: string;
}

/**
 * Keeps the lab's server until told to end, or until the link's network has gone: in what is left of it nobody can
 * reach us, and only a new start joins the new one.
 *
 * @returns Whether it was told to end.
 */
export async function keepServing(options: ServeInsideOptions): Promise<boolean> {
  const { signal, socket = AGENT_SOCKET, marker = MARKER } = options;
  await untilReady(marker, signal);
  if (signal.aborted) return true;
  const agent = new ServerAgent(options);
  using listener = listenAt(socket);
  (async () => {
    for await (const conn of listener) agent.attend(conn).catch(() => {});
  })().catch(() => {}); // It was closed.
  await agent.begin();
  await untilGone(marker, signal);
  await agent.stop();
  return signal.aborted;
}

/** The link first: not even a server's first datagram may pass by it. */
async function untilReady(marker: string, signal: AbortSignal) {
  while (!signal.aborted && read(marker)?.trim() !== readyMarker) await delay(pause).done;
}

async function untilGone(file: string, signal: AbortSignal): Promise<void> {
  const told = new Promise((resolve) => signal.addEventListener("abort", resolve));
  while (!signal.aborted && read(file) !== null) {
    const later = delay(watchEvery);
    await Promise.race([later.done, told]);
    later.cancel();
  }
}

function read(file: string): string | null {
  try {
    return Deno.readTextFileSync(file);
  } catch {
    return null;
  }
}

/** Only our own user may connect: the folder is closed to others. */
function listenAt(path: string): Deno.Listener {
  Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true, mode: 0o700 });
  try {
    Deno.removeSync(path); // What a killed agent has left.
  } catch {
    // There was none.
  }
  return Deno.listen({ transport: "unix", path });
}
