/** What an archive of images holds, told without an engine. */
import { type ByteSource, readSmallFiles } from "./image_tar.ts";

/** A file is no archive of the lab's images, or of another platform's. */
export class ArchiveError extends Error {
  override name = "ArchiveError";
}

/** What an archive holds. */
export interface ArchivedImage {
  /** Its names with tags. */
  tags: string[];
  /** Such as `linux/amd64`. */
  platform: string;
}

/**
 * Returns what an archive holds, without an engine.
 *
 * @throws {ArchiveError} Where it is none of `docker save`.
 */
export async function readArchive(file: string): Promise<ArchivedImage[]> {
  using source = await openBytes(file);
  let files: Map<string, Uint8Array>;
  try {
    files = await readSmallFiles(source, 1 << 20);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new ArchiveError(
      `Give an archive that ./lab images --save has written: ${file} is none`,
      {
        cause,
      },
    );
  }
  const json = (path: string): unknown => {
    const bytes = files.get(path);
    return bytes === undefined ? undefined : JSON.parse(new TextDecoder().decode(bytes));
  };
  const manifest = json("manifest.json") as { Config: string; RepoTags: string[] | null }[];
  if (!Array.isArray(manifest)) {
    throw new ArchiveError(
      `Give an archive that ./lab images --save has written: ${file} holds no images`,
    );
  }
  return manifest.map(({ Config, RepoTags }) => {
    const config = json(Config) as { os?: string; architecture?: string } | undefined;
    return {
      tags: RepoTags ?? [],
      platform: `${config?.os ?? "?"}/${config?.architecture ?? "?"}`,
    };
  });
}

/** A file's bytes, unpacked where gzip has packed them (RFC 1952). */
async function openBytes(path: string): Promise<ByteSource & Disposable> {
  const file = await Deno.open(path);
  const start = new Uint8Array(2);
  const count = await file.read(start);
  await file.seek(0, Deno.SeekMode.Start);
  if (count !== 2 || start[0] !== 0x1f || start[1] !== 0x8b) return file;
  const reader = file.readable.pipeThrough(new DecompressionStream("gzip")).getReader();
  let rest: Uint8Array = new Uint8Array(0);
  return {
    async read(bytes) {
      if (rest.length === 0) {
        const { value, done } = await reader.read();
        if (done) return null;
        rest = value;
      }
      const piece = rest.subarray(0, bytes.length);
      bytes.set(piece);
      rest = rest.subarray(piece.length);
      return piece.length;
    },
    [Symbol.dispose]() {
      reader.cancel().catch(() => {});
    },
  };
}
