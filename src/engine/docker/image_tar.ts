/** Tar archives (POSIX ustar): written as a build's context, read to see what an archive of images holds. */

/** One regular file of an archive. */
export interface TarFile {
  /** Its path in the archive. */
  path: string;
  /** Its content, or the path of a file that has it. */
  content: Uint8Array | string;
  /** Whether it may be executed. */
  executable?: boolean;
}

const BLOCK = 512;

/**
 * Returns the header of a regular file.
 *
 * @throws {RangeError} Where the path is too long for ustar: more than 100 bytes behind its last slashes.
 */
export function tarHeader(path: string, size: number, executable = false): Uint8Array {
  const header = new Uint8Array(BLOCK);
  const put = (text: string, offset: number) => header.set(new TextEncoder().encode(text), offset);
  const [prefix, name] = splitPath(path);
  put(name, 0);
  put(executable ? "0000755" : "0000644", 100);
  put("0000000", 108);
  put("0000000", 116);
  put(size.toString(8).padStart(11, "0"), 124);
  put("00000000000", 136);
  put("        ", 148);
  put("0", 156);
  put("ustar\x0000", 257);
  put(prefix, 345);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

function splitPath(path: string): [prefix: string, name: string] {
  const length = (text: string) => new TextEncoder().encode(text).length;
  if (length(path) <= 100) return ["", path];
  for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) {
    const prefix = path.slice(0, at), name = path.slice(at + 1);
    if (length(prefix) <= 155 && length(name) <= 100) return [prefix, name];
  }
  throw new RangeError(`Shorten a path, it does not fit into an archive: ${path}`);
}

/** Writes an archive, piece by piece. Rejects where a file cannot be read, or changes its size meanwhile. */
export async function* tarPieces(files: Iterable<TarFile>): AsyncGenerator<Uint8Array> {
  for (const { path, content, executable } of files) {
    let size = 0;
    if (typeof content !== "string") {
      size = content.length;
      yield tarHeader(path, size, executable);
      yield content;
    } else {
      using file = await Deno.open(content);
      size = (await file.stat()).size;
      yield tarHeader(path, size, executable);
      let written = 0;
      for (;;) {
        // A piece of its own each: the reader may still hold the one before.
        const piece = new Uint8Array(1 << 18);
        const count = await file.read(piece);
        if (count === null) break;
        written += count;
        yield piece.subarray(0, count);
      }
      if (written !== size) throw new Error(`Try again: ${content} changed while it was read`);
    }
    yield new Uint8Array((BLOCK - size % BLOCK) % BLOCK);
  }
  yield new Uint8Array(2 * BLOCK);
}

/** Bytes that come in pieces. */
export interface ByteSource {
  read(bytes: Uint8Array): Promise<number | null>;
}

/**
 * Returns the files of an archive that are at most `limit` bytes long; others are passed over.
 *
 * @throws {TypeError} Where it is no tar archive, or ends in the middle.
 */
export async function readSmallFiles(
  source: ByteSource,
  limit: number,
): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  const header = new Uint8Array(BLOCK);
  const waste = new Uint8Array(1 << 18);
  for (let first = true;; first = false) {
    const count = await fill(source, header);
    if (count < BLOCK) {
      // Some writers leave out the empty blocks at the end.
      if (count === 0 && !first) return found;
      throw new TypeError("It is no tar archive, or ends in the middle");
    }
    if (header.every((byte) => byte === 0)) return found;
    const { path, size, isFile } = parseHeader(header);
    const padded = Math.ceil(size / BLOCK) * BLOCK;
    if (isFile && size <= limit) {
      const content = new Uint8Array(padded);
      if (await fill(source, content) < padded) throw new TypeError("It ends in the middle");
      found.set(path, content.subarray(0, size));
    } else {
      for (let left = padded; left > 0;) {
        const got = await fill(source, waste.subarray(0, Math.min(left, waste.length)));
        if (got === 0) throw new TypeError("It ends in the middle");
        left -= got;
      }
    }
  }
}

function parseHeader(header: Uint8Array): { path: string; size: number; isFile: boolean } {
  const text = (from: number, length: number) =>
    new TextDecoder().decode(header.subarray(from, from + length)).split("\0")[0] ?? "";
  const sum = header.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
  if (Number.parseInt(text(148, 8).trim(), 8) !== sum) throw new TypeError("It is no tar archive");
  const prefix = text(257, 5) === "ustar" ? text(345, 155) : "";
  return {
    path: prefix === "" ? text(0, 100) : `${prefix}/${text(0, 100)}`,
    size: Number.parseInt(text(124, 12).trim() || "0", 8),
    isFile: ["0", ""].includes(text(156, 1)),
  };
}

/** Reads until the bytes are full or the source ends; returns how many were read. */
async function fill(source: ByteSource, bytes: Uint8Array): Promise<number> {
  let done = 0;
  while (done < bytes.length) {
    const count = await source.read(bytes.subarray(done));
    if (count === null) break;
    done += count;
  }
  return done;
}
