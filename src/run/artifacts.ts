/**
 * What a run leaves on disk: `OUT/LAB/START/` with events, captures, output and summary, and
 * `OUT/LAB/latest` pointing to it.
 */
import { reasonOf } from "../lab/mod.ts";

/** A run's folder, if the run begins. What cannot be written is said once; the run goes on without. */
export class Artifacts implements AsyncDisposable {
  /** Absolute path of the folder. */
  readonly folder: string;
  readonly #notice: (line: string) => void;
  readonly #files = new Map<string, Deno.FsFile>();
  readonly #pumps: Promise<void>[] = [];
  readonly #whole: Artifacts | null;
  #failed = false;
  #begun = false;

  private constructor(
    folder: string,
    notice: (line: string) => void,
    whole: Artifacts | null = null,
  ) {
    this.folder = folder;
    this.#notice = notice;
    this.#whole = whole;
  }

  /**
   * Makes a run's folder below `out`.
   *
   * @param notice Takes one line where something cannot be written, then or later.
   * @returns The folder; null where it cannot be made.
   */
  static async create(
    out: string,
    lab: string,
    started: Date,
    notice: (line: string) => void,
  ): Promise<Artifacts | null> {
    const base = `${out}/${lab}`;
    try {
      await Deno.mkdir(base, { recursive: true });
      const folder = await makeFresh(`${base}/${folderName(started)}`);
      return new Artifacts(await Deno.realPath(folder), notice);
    } catch (error) {
      notice(`${remedy(base, error)} to keep artifacts: ${reasonOf(error)}; going on without them`);
      return null;
    }
  }

  /** Makes a folder in this one, for one of several runs that belong together; null where it cannot be made. */
  async part(name: string): Promise<Artifacts | null> {
    const folder = `${this.folder}/${name}`;
    try {
      await Deno.mkdir(folder);
      return new Artifacts(folder, this.#notice, this);
    } catch (error) {
      this.#notice(`${remedy(folder, error)} to keep artifacts: ${reasonOf(error)}`);
      return null;
    }
  }

  /** Says that the run has begun: from now on the folder is the latest, and stays. */
  async begin(): Promise<void> {
    this.#begun = true;
    if (this.#whole !== null) return await this.#whole.begin();
    // A file system without links (a Windows mount) has no `latest`; the run is whole without it.
    await pointLatest(this.folder).catch(() => {});
  }

  /** Appends to a file, which is made at its first bytes. */
  append(name: string, bytes: Uint8Array | string): void {
    if (this.#failed) return;
    try {
      let file = this.#files.get(name);
      if (file === undefined) {
        file = Deno.openSync(`${this.folder}/${name}`, { create: true, append: true });
        this.#files.set(name, file);
      }
      const whole = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
      for (let done = 0; done < whole.length;) done += file.writeSync(whole.subarray(done));
    } catch (error) {
      this.#failed = true;
      this.#notice(`Free space at ${this.folder}: ${reasonOf(error)}; the artifacts end here`);
    }
  }

  /** Appends a stream to a file until it ends. */
  appendAll(name: string, stream: ReadableStream<Uint8Array>): void {
    this.#pumps.push(
      (async () => {
        for await (const chunk of stream) this.append(name, chunk);
      })().catch(() => {}),
    );
  }

  /** Writes a whole file, so that nobody ever sees half of it. */
  write(name: string, text: string): void {
    if (this.#failed) return;
    try {
      Deno.writeTextFileSync(`${this.folder}/${name}.part`, text);
      Deno.renameSync(`${this.folder}/${name}.part`, `${this.folder}/${name}`);
    } catch (error) {
      this.#failed = true;
      this.#notice(`Free space at ${this.folder}: ${reasonOf(error)}; the artifacts end here`);
    }
  }

  /** Settles when the streams have ended; closes the files. Of a run that has not begun nothing is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#pumps);
    this.#files.forEach((file) => file.close());
    this.#files.clear();
    if (!this.#begun) await Deno.remove(this.folder, { recursive: true }).catch(() => {});
  }
}

/** A run's folder by its start, sortable and valid on every file system: `2026-11-21T07-30-12Z`. */
export function folderName(started: Date): string {
  return started.toISOString().replace(/\.\d+Z$/, "Z").replaceAll(":", "-");
}

/** Two runs may begin in one second: the later gets `-2`. */
async function makeFresh(path: string): Promise<string> {
  for (let n = 1; n < 1000; n++) {
    const candidate = n === 1 ? path : `${path}-${n}`;
    try {
      await Deno.mkdir(candidate);
      return candidate;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
  throw new Error(`a thousand runs began in one second`);
}

/** Replaces the link in one step: a reader always finds a run behind it. */
async function pointLatest(folder: string): Promise<void> {
  const slash = folder.lastIndexOf("/");
  const base = folder.slice(0, slash), temporary = `${base}/.latest-${crypto.randomUUID()}`;
  await Deno.symlink(folder.slice(slash + 1), temporary);
  try {
    await Deno.rename(temporary, `${base}/latest`);
  } catch (error) {
    await Deno.remove(temporary);
    throw error;
  }
}

/** What to do where a folder cannot be made: EPERM, EACCES and EROFS are about rights, ENOSPC and EDQUOT about room. */
function remedy(base: string, error: unknown): string {
  const code = /\(os error (\d+)\)/.exec(String(error))?.[1] ?? "";
  if (["1", "13", "30"].includes(code)) return `Make ${base} writable`;
  if (["28", "122"].includes(code)) return `Free space at ${base}`;
  return `Choose another folder than ${base}`;
}
