/** What images there are, what they are called, and of what each is built. */

/** The images, in the order they are built in. */
export const IMAGES = ["programs", "link", "sandbox", "python", "reaper"] as const;

/** An image, by its folder in `images/`. */
export type ImageName = typeof IMAGES[number];

/** Of those that are built upon another, which that is; its name in capitals is the argument of the build. */
export const BUILT_UPON: Readonly<Partial<Record<ImageName, ImageName>>> = {
  python: "sandbox",
  reaper: "programs",
};

/** The lists of Debian packages that an image is made of; the rest is that of the image it is built upon. */
export const PACKAGES: Readonly<Record<ImageName, string | null>> = {
  programs: "images/packages",
  link: "images/packages",
  sandbox: "images/packages",
  python: "images/python/packages",
  reaper: null,
};

/** The label that holds {@link recipeHash} of what an image was built from. */
export const RECIPE_LABEL = "socklab.recipe";

/** What deno.json says that images depend on. */
export interface Versions {
  /** Of socklab: the images' tag. */
  socklab: string;
  deno: string;
  /** Of Deno's standard library, which the labs' programs import. */
  std: string;
}

/** Reads the versions. @throws {Error} Where deno.json lacks one. */
export function readVersions(root: string): Versions {
  const config = JSON.parse(Deno.readTextFileSync(`${root}/deno.json`)) as {
    version?: string;
    deno?: string;
    imports?: Record<string, string>;
  };
  const std = Object.values(config.imports ?? {})
    .map((target) => /^npm:deno-std@([^/]+)/.exec(target)?.[1])
    .find((version) => version !== undefined);
  const { version, deno } = config;
  if (version === undefined || deno === undefined || std === undefined) {
    throw new Error("Restore deno.json: it lacks the version of socklab, of deno or of deno-std");
  }
  return { socklab: version, deno, std };
}

/** An image's full name. For a platform that is not the engine's own, the tag says which: both can be there. */
export function imageTag(name: ImageName, version: string, foreign?: string): string {
  return `socklab/${name}:${version}${foreign === undefined ? "" : `-${foreign}`}`;
}

/** What a lab runs in; the reaper is for tests. */
export const LAB_IMAGES: readonly ImageName[] = ["programs", "link"];

/**
 * Returns a hash of what an image is built from: its Dockerfile and the files beside it, the scripts and lists that it
 * uses, versions.
 *
 * The project's own code counts for nothing: the checkout is mounted over it, and what differs only costs a file its
 * transpiling. Only in a sandbox nothing is mounted: there the agent's counts. Where the bases came from does not.
 */
export async function recipeHash(root: string, name: ImageName): Promise<string> {
  const { deno, std } = readVersions(root);
  const filesIn = (folder: string) =>
    [...Deno.readDirSync(`${root}/${folder}`)]
      .filter((entry) => entry.isFile && !entry.name.endsWith(".test.ts"))
      .map((entry) => `${folder}/${entry.name}`).sort();
  const parts = [`deno ${deno}`, `deno-std ${std}`];
  const used = filesIn(`images/${name}`);
  const under = BUILT_UPON[name];
  if (under === undefined) used.push(...filesIn("images"), "labs/imports.json");
  else parts.push(await recipeHash(root, under));
  if (name === "sandbox") used.push(...modulesFrom(root, AGENT));
  for (const file of used) parts.push(file, Deno.readTextFileSync(`${root}/${file}`));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(parts.join("\0")));
  return new Uint8Array(digest).slice(0, 12).toHex();
}

/** The agent that a sandbox's image starts. */
const AGENT = "src/engine/sandbox/main.ts";

/** The modules of the project that one needs, itself included, as paths in the checkout. */
function modulesFrom(root: string, entry: string): string[] {
  const found = new Set([entry]);
  for (const path of found) {
    const text = Deno.readTextFileSync(`${root}/${path}`);
    for (const [, specifier] of text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]+)"/g)) {
      found.add(new URL(specifier!, `file:///${path}`).pathname.slice(1));
    }
  }
  return [...found].sort();
}

/** The Debian packages that these images are made of; what they depend on comes with them. */
export function readPackages(root: string, names: readonly ImageName[]): string[] {
  const lists = new Set(names.map((name) => PACKAGES[name]).filter((list) => list !== null));
  return [...lists].flatMap((list) => Deno.readTextFileSync(`${root}/${list}`).split("\n"))
    .filter((line) => line !== "");
}
