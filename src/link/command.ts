/**
 * The command line that starts a link: what `options.ts` reads, behind the flags that keep it small.
 */
import type { LinkOptions } from "./options.ts";

/**
 * argv of the link's own program.
 *
 * No configuration: the link imports nothing but its own files, and without npm's resolver it starts sooner and is
 * 10 MB smaller. Small semispaces: events are garbage soon after they are told, and V8 would let 32 MB of them gather.
 *
 * @param deno The executable.
 */
export function linkCommand(deno: string, options: LinkOptions): string[] {
  return [
    deno,
    "run",
    "--allow-all",
    "--no-config",
    "--no-lock",
    "--quiet",
    "--v8-flags=--max-semi-space-size=1,--optimize-for-size",
    new URL("./main.ts", import.meta.url).pathname,
    "--device",
    options.device,
    "--socket",
    options.socket,
    "--driver",
    options.driver,
    ...(options.ownerStdin ? ["--owner-stdin"] : []),
  ];
}
