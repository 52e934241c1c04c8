/** Pings from the client to the server. */
import { run } from "../../link/stage.ts";
import { pingTimes } from "../ping_times.ts";
import { on } from "./namespaces.ts";

/** Pings from the client: times in ms, by number. */
export async function ping(to: string, words: string): Promise<Map<number, number>> {
  const argv = ["ip", "netns", "exec", "client", "ping", "-n", ...words.split(" "), to];
  return pingTimes((await run(argv)).stdout);
}

/** The fastest of some pings, in ms: what the wire takes, and not the machine. */
export async function fastest(to: string): Promise<number> {
  return Math.min(...(await ping(to, "-c 5 -i 0.05 -W 1")).values());
}

/** A digit for each of `count` pings: whether it came back. */
export async function fates(count: number, first = 1): Promise<string> {
  const came = await ping(on.address, `-c ${count} -i 0.02 -W 0.5`);
  return Array.from({ length: count }, (_, i) => came.has(first + i) ? "1" : "0").join("");
}
