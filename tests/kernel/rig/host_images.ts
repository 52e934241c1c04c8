/** The lab's images in this machine's engine. */

/** Returns the images that are there, with what each is built of. */
export async function imagesName(): Promise<{ tag: string; recipe: string }[]> {
  const config = JSON.parse(
    Deno.readTextFileSync(new URL("../../../deno.json", import.meta.url)),
  ) as { version: string };
  const tags = ["programs", "link", "reaper"].map((name) => `socklab/${name}:${config.version}`);
  const format = '{{index .Config.Labels "socklab.recipe"}}';
  const found = await Promise.all(tags.map(async (tag) => {
    const recipe = await ask("image", "inspect", "--format", format, tag);
    return recipe === null ? [] : [{ tag, recipe: recipe.trim() }];
  }));
  return found.flat();
}

/** Returns images as one archive. */
export function saveImages(tags: readonly string[]): ReadableStream<Uint8Array> {
  return new Deno.Command("docker", {
    args: ["save", ...tags],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn().stdout;
}

async function ask(...args: string[]): Promise<string | null> {
  try {
    const { success, stdout } = await new Deno.Command("docker", {
      args,
      stdin: "null",
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout) : null;
  } catch {
    return null;
  }
}
