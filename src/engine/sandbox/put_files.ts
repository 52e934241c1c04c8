/** A submission's files, written where its programs run. */
import { type PutFile, SUBMISSION } from "./protocol.ts";

/**
 * Writes files that come one behind the other, for everybody to read and nobody to change.
 *
 * @throws {Error} At a path that leads elsewhere, or where less comes than was said.
 */
export async function putFiles(
  files: readonly PutFile[],
  bytes: ReadableStream<Uint8Array>,
  root: string = SUBMISSION,
): Promise<void> {
  const reader = bytes.getReader();
  let rest: Uint8Array = new Uint8Array(0);
  for (const { path, executable, length } of files) {
    const target = `${root}/${inside(path)}`;
    Deno.mkdirSync(target.slice(0, target.lastIndexOf("/")), { recursive: true, mode: 0o755 });
    using file = Deno.openSync(target, { write: true, createNew: true });
    for (let missing = length; missing > 0;) {
      if (rest.length === 0) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`Send all of ${path}: ${missing} bytes are missing`);
        rest = value;
      }
      const piece = rest.subarray(0, missing);
      for (let at = 0; at < piece.length;) at += file.writeSync(piece.subarray(at));
      rest = rest.subarray(piece.length);
      missing -= piece.length;
    }
    Deno.chmodSync(target, executable ? 0o555 : 0o444);
  }
}

/** @throws {Error} At a path that is not one inside a folder. */
function inside(path: string): string {
  const fits = path !== "" && !path.includes("\0") &&
    path.split("/").every((part) => !["", ".", ".."].includes(part));
  if (!fits) throw new Error(`Send paths inside the submission, not ${JSON.stringify(path)}`);
  return path;
}
