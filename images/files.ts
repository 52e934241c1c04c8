/** Files and folders, for putting images together. */

/** Whether something is there, be it a link to nowhere. */
export function exists(path: string): boolean {
  try {
    return Deno.lstatSync(path) !== undefined;
  } catch {
    return false;
  }
}

/** Every file below a folder, in a fixed order. */
export function files(folder: string): string[] {
  return [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) return files(path);
    return entry.isFile ? [path] : [];
  });
}

/** Copies regular files, those wanted, readable by everybody. */
export function copyFolder(
  from: string,
  to: string,
  wanted: (entry: { name: string }) => boolean = () => true,
): void {
  for (const path of files(from)) {
    if (!wanted({ name: path.slice(path.lastIndexOf("/") + 1) })) continue;
    copyFile(path, to + path.slice(from.length));
  }
}

/** Copies symbolic links, as they are. */
export function copyLinks(from: string, to: string): void {
  Deno.mkdirSync(to, { recursive: true });
  for (const { name, isDirectory, isSymlink } of Deno.readDirSync(from)) {
    if (isDirectory) copyLinks(`${from}/${name}`, `${to}/${name}`);
    if (isSymlink) Deno.symlinkSync(Deno.readLinkSync(`${from}/${name}`), `${to}/${name}`);
  }
}

/** Copies a file; everybody may read it. */
export function copyFile(from: string, to: string): void {
  Deno.mkdirSync(to.slice(0, to.lastIndexOf("/")), { recursive: true });
  Deno.copyFileSync(from, to);
  Deno.chmodSync(to, Deno.statSync(from).mode! & 0o100 ? 0o755 : 0o644);
}
