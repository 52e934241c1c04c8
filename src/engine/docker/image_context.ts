/** What a build of an image is given: the same files of the checkout that `.dockerignore` lets through. */
import type { TarFile } from "./image_tar.ts";

/** What judges programs has no place among them, and nobody runs wrong programs from an image. */
const LEFT_OUT = new Set(["broken", "checks", "checks.ts"]);
const FOLDERS = ["images", "labs", "scripts", "src", "types"];

/**
 * Returns the files of a build's context: the checkout's code, and Deno's standard library where this machine has it, so
 * that the build need not fetch it.
 *
 * @param std The version of deno-std wanted.
 * @param imports Where the labs' import map lies: deno-std is found beside it where the checkout has none.
 */
export function contextFiles(root: string, std: string, imports?: string): TarFile[] {
  const files: TarFile[] = [{ path: "deno.json", content: `${root}/deno.json` }];
  for (const folder of FOLDERS) files.push(...filesOf(`${root}/${folder}`, folder));
  const library = `node_modules/.deno/deno-std@${std}/node_modules/deno-std`;
  const places = [root, ...(imports === undefined ? [] : [imports.replace(/\/[^/]*$/, "")])];
  for (const place of places) {
    if (!isFolder(`${place}/${library}`)) continue;
    files.push(...filesOf(`${place}/${library}`, library));
    break;
  }
  return files;
}

function filesOf(folder: string, path: string): TarFile[] {
  const entries = [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1);
  return entries.flatMap(({ name, isDirectory, isFile }) => {
    if (LEFT_OUT.has(name)) return [];
    if (isDirectory) return filesOf(`${folder}/${name}`, `${path}/${name}`);
    if (!isFile || /\.(?:test|bench)\.ts$/.test(name)) return [];
    return [{ path: `${path}/${name}`, content: `${folder}/${name}` }];
  });
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
