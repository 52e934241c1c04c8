/** The folder of logs where it lies: on this machine or, for an agent, in its container. */
import { removeAll } from "../remove_all.ts";
import { LogFault, type LogFolder } from "./log_folder.ts";
import { WriteWatch } from "./write_watch.ts";

/** Longer than any line that a right program writes, in bytes; and more files than it makes in a check. */
const MOST_BYTES = 16_384, MOST_FILES = 500;

const READ_ONLY = 0o555;

/**
 * A folder of a path that programs cannot put a link in the place of while they run, such as a mount of its own, unless
 * they are trusted. What lies in it can be anything, and something else in the next moment.
 */
export class LogFolderHere implements LogFolder {
  readonly path: string;
  /** Its mode while it is read-only. */
  #mode: number | null = null;
  #watch: WriteWatch | null = null;

  constructor(path: string) {
    this.path = path;
  }

  async list(): Promise<string[]> {
    const names: string[] = [];
    const look = async () => {
      for await (const { name } of Deno.readDir(this.path)) {
        if (names.push(name) > MOST_FILES) {
          throw new LogFault(`The folder has more than ${MOST_FILES} files`);
        }
      }
    };
    await told("The folder", look);
    return names;
  }

  async read(name: string): Promise<string> {
    // Node's files take longer to load than all else of an agent: only who reads one waits for them.
    const { readStart } = await import("./read_start.ts");
    const start = await told(name, () => readStart(`${this.path}/${name}`, MOST_BYTES));
    if (start === null) throw new LogFault(`${name} is no file`);
    const { bytes, size } = start;
    if (size > MOST_BYTES) throw tooLong(name, `${size}`);
    if (bytes.length > MOST_BYTES) throw tooLong(name, `more than ${MOST_BYTES}`);
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  }

  async write(name: string, text: string): Promise<void> {
    await Deno.writeTextFile(`${this.path}/${name}`, text, { createNew: true });
  }

  async setWritable(writable: boolean): Promise<void> {
    if (writable === (this.#mode === null)) return;
    if (writable) {
      const mode = this.#mode!;
      this.#mode = null;
      await Deno.chmod(this.path, mode);
    } else {
      this.#mode = (await Deno.lstat(this.path)).mode! & 0o7777;
      await Deno.chmod(this.path, READ_ONLY);
    }
  }

  watch(): Promise<void> {
    this.#unwatch();
    return Promise.try(() => void (this.#watch = new WriteWatch(this.path)));
  }

  writtenInPlace(): Promise<string[]> {
    const watch = this.#watch;
    if (watch === null) return Promise.reject(new Error("Call watch() first: none has begun"));
    const names = watch.writtenInPlace();
    if (names !== null && names.length <= MOST_FILES) return Promise.resolve(names);
    return Promise.reject(new LogFault("More files were made in it than can be followed"));
  }

  #unwatch(): void {
    this.#watch?.[Symbol.dispose]();
    this.#watch = null;
  }

  /** It stays the same folder, for it may be mounted already. It is made where it is not there, or is a link. */
  async empty(): Promise<void> {
    this.#unwatch();
    await this.setWritable(true).catch(() => {}); // The program may have removed it.
    const { path } = this;
    if (isThere(path) && !Deno.lstatSync(path).isDirectory) Deno.removeSync(path);
    Deno.mkdirSync(path, { recursive: true });
    const mode = Deno.statSync(path).mode ?? 0;
    if ((mode & 0o700) !== 0o700) Deno.chmodSync(path, mode & 0o7777 | 0o700);
    for (const { name } of Deno.readDirSync(path)) removeAll(`${path}/${name}`);
  }
}

function tooLong(name: string, size: string): LogFault {
  return new LogFault(`${name} has ${size} bytes, where a line was expected`);
}

/** What the program has made unreadable, taken away again or put in a file's place is its own doing. */
async function told<T>(what: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const doing = DOINGS[(error as { code?: string }).code ?? ""];
    if (doing === undefined) throw error;
    throw new LogFault(`${what} ${doing}`);
  }
}

/** By the kernel's names of errors (open(2)). */
const DOINGS: Readonly<Record<string, string>> = {
  ENOENT: "is gone again",
  EACCES: "is not to be read",
  EPERM: "is not to be read",
  ELOOP: "is no file",
  ENXIO: "is no file",
  ENOTDIR: "is no folder",
};

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
