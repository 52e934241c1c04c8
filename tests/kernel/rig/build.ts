/**
 * Makes a rig's disks where they are not there yet: `deno run -A tests/kernel/rig/build.ts`, which `lab test` calls; with
 * `--without-images`, those that need no Docker engine.
 */
import { Interrupt } from "../../../scripts/interrupt.ts";
import { packagesDisk, rootDisk } from "./disks.ts";
import { imagesDisk } from "./images_disk.ts";
import { ROOT } from "./checkout.ts";

if (import.meta.main) {
  using interrupt = new Interrupt();
  const { signal } = interrupt;
  const onStage = (text: string) => console.log(`rig: ${text}`);
  try {
    // Ctrl-C reaches mmdebstrap, too, which takes its mounts away; told once more, it would leave them.
    await rootDisk({ onStage });
    signal.throwIfAborted();
    await packagesDisk(ROOT, { onStage, signal });
    if (!Deno.args.includes("--without-images")) await imagesDisk({ onStage, signal });
  } catch (error) {
    if (signal.aborted) Deno.exit(130);
    console.error(error instanceof Error ? error.message : String(error));
    Deno.exit(3);
  }
}
