/**
 * The look for the kernel's netem as a program of its own, for whoever is in another network namespace:
 *
 * ```sh
 * unshare --net deno run -A src/link/probe_main.ts
 * ```
 *
 * Prints what `probeTc()` found, as a line of JSON.
 */
import { probeTc } from "./tc/probe.ts";

console.log(JSON.stringify(await probeTc()));
