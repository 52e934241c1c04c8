/** Images into an archive: for a classroom without internet, or for another machine. */
import type Docker from "dockerode";
import { Readable } from "node:stream";
import { engineFault } from "./image_faults.ts";

/**
 * Writes images into an archive, as `docker save` does; compressed where the file's name ends in `.gz` or `.tgz`. A file
 * of that name is replaced once the archive is whole: a half-written one never has its name, and never stays.
 *
 * @param onBytes Called with the number of bytes taken from the engine so far.
 * @returns Bytes written.
 * @throws {Deno.errors.NotFound | Deno.errors.PermissionDenied} Where its folder is not there, or not ours to write.
 * @throws {MachineError} Where the engine fails.
 */
export async function saveImages(
  docker: Docker,
  tags: readonly string[],
  file: string,
  options: { signal?: AbortSignal; onBytes?: (bytes: number) => void } = {},
): Promise<number> {
  const { signal, onBytes = () => {} } = options;
  const part = `${file}.part.${Deno.pid}`;
  const target = await Deno.open(part, { write: true, createNew: true });
  let done = false;
  try {
    const answer = await answerOf(docker, tags, signal);
    let bytes = 0;
    const counted = (Readable.toWeb(answer) as unknown as ReadableStream<Uint8Array<ArrayBuffer>>)
      .pipeThrough(
        new TransformStream({
          transform(piece, controller) {
            bytes += piece.length;
            onBytes(bytes);
            controller.enqueue(piece);
          },
        }),
      );
    const packed = /\.t?gz$/.test(file)
      ? counted.pipeThrough(new CompressionStream("gzip"))
      : counted;
    await packed.pipeTo(target.writable, { signal });
    await Deno.rename(part, file);
    done = true;
    return (await Deno.stat(file)).size;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    try {
      target.close();
    } catch {
      // The stream has closed it.
    }
    if (!done) await Deno.remove(part).catch(() => {});
  }
}

/** The engine's archive of several images in one; its client library asks for one image only. */
async function answerOf(
  docker: Docker,
  tags: readonly string[],
  signal?: AbortSignal,
): Promise<Readable> {
  const { promise, resolve, reject } = Promise.withResolvers<Readable>();
  const statusCodes = { 200: true, 404: "no such image", 500: "server error" };
  docker.modem.dial(
    {
      path: "/images/get?",
      options: { names: tags },
      method: "GET",
      isStream: true,
      statusCodes,
      abortSignal: signal,
    } as never,
    (error: unknown, answer: unknown) => error ? reject(error) : resolve(answer as Readable),
  );
  try {
    return await promise;
  } catch (error) {
    signal?.throwIfAborted();
    throw engineFault(error, "save the images");
  }
}
