/** Makes a rig's disks where they are not there yet: `deno run -A tests/kernel/rig/build.ts`, which `lab test` calls. */
import { packagesDisk, rootDisk } from "./disks.ts";
import { imagesDisk } from "./images_disk.ts";
import { ROOT } from "./checkout.ts";

if (import.meta.main) {
  const options = { onStage: (text: string) => console.log(`rig: ${text}`) };
  try {
    await rootDisk(options);
    await packagesDisk(ROOT, options);
    await imagesDisk(options);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    Deno.exit(3);
  }
}
