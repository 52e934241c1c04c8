/**
 * How files of a folder are written, by what the kernel tells of it (inotify(7)).
 *
 * Nobody can kill a program just between making a file and writing it; but that there was such a moment can be seen.
 * The kernel is asked directly: `Deno.watchFs` opens what lies there, and waits for ever at a FIFO.
 */
const IN_CLOSE_WRITE = 0x8, IN_CREATE = 0x100, IN_Q_OVERFLOW = 0x4000;
const IN_ONLYDIR = 0x0100_0000, IN_DONT_FOLLOW = 0x0200_0000;
const IN_NONBLOCK = 0x800, IN_CLOEXEC = 0x80000;

/** Bytes of a read, and the most reads: more than the kernel keeps, even of the longest names. */
const READ = 65_536, MOST_READS = 128;

const symbols = {
  inotify_init1: { parameters: ["i32"], result: "i32" },
  inotify_add_watch: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  close: { parameters: ["i32"], result: "i32" },
} as const;

/** Takes notice of what happens in a folder from its making on. */
export class WriteWatch implements Disposable {
  readonly #libc = Deno.dlopen("libc.so.6", symbols);
  readonly #queue: number;
  readonly #made = new Set<string>();
  readonly #written = new Set<string>();

  /** @throws {Error} Where this is no folder, or the machine has no more watches. */
  constructor(folder: string) {
    const { inotify_init1, inotify_add_watch } = this.#libc.symbols;
    this.#queue = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    const path = new TextEncoder().encode(`${folder}\0`);
    const mask = IN_CREATE | IN_CLOSE_WRITE | IN_ONLYDIR | IN_DONT_FOLLOW;
    if (this.#queue >= 0 && inotify_add_watch(this.#queue, path, mask) >= 0) return;
    this[Symbol.dispose]();
    throw new Error(
      "Raise fs.inotify.max_user_instances (sysctl), unless the folder is gone: it cannot be watched",
    );
  }

  /** The files that were written under the names under which they were made, until now; null where nobody can tell. */
  writtenInPlace(): string[] | null {
    const bytes = new Uint8Array(READ);
    for (let reads = 0; reads < MOST_READS; reads++) {
      const length = Number(this.#libc.symbols.read(this.#queue, bytes, BigInt(READ)));
      if (length <= 0) return [...this.#written].sort(); // EAGAIN: there is no more.
      if (!this.#take(bytes.subarray(0, length))) return null;
    }
    return null; // Somebody makes files as fast as they are told of.
  }

  /** Takes what the kernel tells; false where it has told something to nobody. */
  #take(bytes: Uint8Array): boolean {
    for (const { mask, name } of eventsOf(bytes)) {
      if (mask & IN_Q_OVERFLOW) return false;
      if (mask & IN_CREATE) this.#made.add(name);
      // What is open for writing is closed: only where it was made under this name was it written under it.
      if (mask & IN_CLOSE_WRITE && this.#made.has(name)) this.#written.add(name);
    }
    return true;
  }

  [Symbol.dispose](): void {
    if (this.#queue >= 0) this.#libc.symbols.close(this.#queue);
    this.#libc.close();
  }
}

/** Reads `struct inotify_event`: watch, mask, cookie, length, then a name with zeros behind it. */
function* eventsOf(bytes: Uint8Array): Generator<{ mask: number; name: string }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < bytes.length;) {
    const mask = view.getUint32(at + 4, true), length = view.getUint32(at + 12, true);
    const name = bytes.subarray(at + 16, at + 16 + length);
    const end = name.indexOf(0);
    yield { mask, name: new TextDecoder().decode(name.subarray(0, end < 0 ? length : end)) };
    at += 16 + length;
  }
}
