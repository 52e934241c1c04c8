/** Temporary folders for building images: gone when they are disposed of; what killed ones leave, the next removes. */

/** A folder of our own. */
export interface ImageFolder extends AsyncDisposable {
  folder: string;
}

const PREFIX = "socklab-images-";

/** Makes a folder where temporary files go (TMPDIR). */
export function makeImageFolder(): ImageFolder {
  sweep();
  const folder = Deno.makeTempDirSync({ prefix: `${PREFIX}${Deno.pid}-` });
  return {
    folder,
    async [Symbol.asyncDispose]() {
      await Deno.remove(folder, { recursive: true }).catch(() => {});
    },
  };
}

function sweep(): void {
  const parent = Deno.env.get("TMPDIR") ?? "/tmp";
  for (const { name } of Deno.readDirSync(parent)) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    try {
      Deno.removeSync(`${parent}/${name}`, { recursive: true });
    } catch {
      // Another user's.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGCONT");
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}
