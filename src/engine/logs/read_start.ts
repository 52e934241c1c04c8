/** The start of a file that lies where strangers write. */
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** Nothing but a file: a link is refused, and a FIFO that nobody writes to is not waited for. */
const READING = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Reads so many bytes of a file, and one more where there are: it may grow while it is read. `size` is what it had before
 * that; null where it is no regular file.
 *
 * @throws {Error} With the kernel's name of the fault as its `code` (open(2)).
 */
export async function readStart(
  path: string,
  most: number,
): Promise<{ bytes: Uint8Array; size: number } | null> {
  const file = await open(path, READING);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) return null;
    const { size } = stat;
    return { bytes: size > most ? new Uint8Array() : await readUpTo(file, most + 1), size };
  } finally {
    await file.close();
  }
}

async function readUpTo(file: FileHandle, most: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(most);
  let length = 0;
  while (length < most) {
    const { bytesRead } = await file.read(bytes, length, most - length, null);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}
