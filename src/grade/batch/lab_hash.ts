/** Whether a lab grades as it did. */
import { createHash } from "node:crypto";

/** Returns the SHA-256, in hexadecimal, of what a lab is graded by: its manifest, and the modules of its checks. */
export function labHash(folder: string): string {
  const hash = createHash("sha256");
  for (const path of ["lab.json", "checks.ts", ...modulesIn(folder, "checks")]) {
    const bytes = Deno.readFileSync(`${folder}/${path}`);
    hash.update(`${path} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest("hex");
}

function modulesIn(folder: string, path: string): string[] {
  let entries: Deno.DirEntry[];
  try {
    entries = [...Deno.readDirSync(`${folder}/${path}`)];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  return entries.sort((a, b) => a.name < b.name ? -1 : 1).flatMap(({ name, isDirectory }) => {
    const own = `${path}/${name}`;
    if (isDirectory) return modulesIn(folder, own);
    return name.endsWith(".ts") && !name.endsWith(".test.ts") ? [own] : [];
  });
}
