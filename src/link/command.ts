/**
 * The command line that starts a link: what `options.ts` reads, behind the flags that keep it small.
 */
import type { LinkOptions } from "./options.ts";

const v8Flags = [
  // Events are garbage soon after they are told: V8 would let 32 MB of them gather.
  "--max-semi-space-size=1",
  "--optimize-for-size",
  // The packet thread passes times as doubles, which V8 puts on the heap unless caller and callee are compiled as one.
  "--max-inlined-bytecode-size=2500",
  "--max-inlined-bytecode-size-cumulative=5000",
];

/** argv of a program that prints what the link would find of the kernel's netem, as `TcFacts` in JSON. */
export function probeCommand(deno: string): string[] {
  const program = new URL("./probe_main.ts", import.meta.url).href;
  return [deno, "run", "--allow-all", "--no-config", "--no-lock", "--quiet", program];
}

/**
 * argv of the link's own program.
 *
 * No configuration: the link imports nothing but its own files, and without npm's resolver it starts sooner and is
 * 10 MB smaller.
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
    `--v8-flags=${v8Flags.join()}`,
    // The address itself: as a path, what is escaped in it would be escaped once more.
    new URL("./main.ts", import.meta.url).href,
    "--device",
    options.device,
    "--driver",
    options.driver,
    ...(options.socket === undefined ? [] : ["--socket", options.socket]),
    ...(options.socketGroup === undefined ? [] : ["--socket-group", `${options.socketGroup}`]),
    ...(options.ownerStdin ? ["--owner-stdin"] : []),
    ...(options.muxStdio ? ["--mux-stdio"] : []),
    ...(options.readyMarker ? ["--ready-marker"] : []),
  ];
}
