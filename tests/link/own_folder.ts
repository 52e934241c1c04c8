/** Temporary folders of tests: what a test that was killed has left, the next one removes. */

const PREFIX = "socklab-link-";

/** Makes an empty folder, which is the caller's to remove. */
export function makeOwnFolder(): string {
  sweep();
  return Deno.makeTempDirSync({ prefix: `${PREFIX}${Deno.pid}-` });
}

function sweep(): void {
  const parent = Deno.env.get("TMPDIR") ?? "/tmp";
  for (const { name } of Deno.readDirSync(parent)) {
    if (!name.startsWith(PREFIX)) continue;
    const pid = Number(/^\d+(?=-)/.exec(name.slice(PREFIX.length))?.[0] ?? NaN);
    if (Number.isNaN(pid) || isThere(`/proc/${pid}`)) continue;
    try {
      Deno.removeSync(`${parent}/${name}`, { recursive: true });
    } catch {
      // Another user's, or another test was faster.
    }
  }
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
