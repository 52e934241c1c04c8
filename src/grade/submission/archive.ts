/** Archives, which are for their owner to unpack: they would be strangers' paths, links and sizes. Pure. */

/** Most bytes from a file's start that say what it is. */
export const HEAD = 262;

const NAME = /\.(?:zip|tar|tgz|tbz2?|txz|gz|bz2|xz|zst|7z|rar|jar)$/i;

/** What the files of some formats begin with; tar's word stands behind its first header's fields. */
const MAGIC: readonly (readonly [at: number, bytes: string])[] = [
  [0, "PK\x03\x04"],
  [0, "PK\x05\x06"],
  [0, "\x1f\x8b"],
  [0, "BZh"],
  [0, "\xfd7zXZ\0"],
  [0, "\x28\xb5\x2f\xfd"],
  [0, "7z\xbc\xaf\x27\x1c"],
  [0, "Rar!"],
  [257, "ustar"],
];

/** Returns whether a file is an archive, by its name or by how it begins. */
export function isArchive(name: string, head: Uint8Array): boolean {
  const text = String.fromCharCode(...head.subarray(0, HEAD));
  return NAME.test(name) || MAGIC.some(([at, bytes]) => text.startsWith(bytes, at));
}
