/** The disk of a rig's engine, with the lab's images loaded. */
import { imagesName, saveImages } from "./host_images.ts";
import { cached } from "./cache.ts";
import { type DiskOptions, makeDisk } from "./disks.ts";
import { hashOf, rootName } from "./recipe.ts";

/** Returns a disk with this machine's images; without any where its engine does not answer or has none. */
export async function imagesDisk(options: DiskOptions = {}): Promise<string> {
  const images = await imagesName();
  const name = await hashOf([await rootName(), ...images.map(({ recipe }) => recipe)]);
  const folder = await cached("images", name, async (folder) => {
    const data = `${folder}/images.ext4`;
    await makeDisk(data, 6144, options);
    if (images.length === 0) return;
    options.onStage?.("loading the lab's images into the rig's engine");
    // Not at the top: a rig's start needs this very file.
    const { Rig } = await import("./rig.ts");
    await using rig = await Rig.start({ ...options, docker: true, data, checkout: false });
    await rig.run("docker load", {
      stdin: saveImages(images.map(({ tag }) => tag)),
      timeoutMs: 300_000,
    });
    await rig.powerOff();
  });
  return `${folder}/images.ext4`;
}
