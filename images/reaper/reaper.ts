/** Remembers what tests announce, and removes it once they are gone, however they ended. */
import { type Filter, parseFilter } from "./filter.ts";

/** When the reaper acts, in milliseconds. */
export interface ReaperOptions {
  /** How long it waits for the first connection. */
  connectionMs: number;
  /** How long it waits for the next one when none is left. */
  reconnectionMs: number;
  /** Removes what matches; see `Engine.remove`. */
  remove(filter: Filter): Promise<{ removed: string[]; failed: string[] }>;
  /** Pause before what could not be removed is tried again. Default 1000. */
  retryMs?: number;
  /** Lines for the log. */
  onNotice?: (line: string) => void;
}

/** How often removing is tried. */
const TRIES = 10;

/** The longest line that is read. */
const LINE_BYTES = 64 * 1024;

/**
 * Serves until nobody is connected any more, and removes what was announced.
 *
 * A client sends lines, each a filter, and reads `ACK` for each that is remembered from then on. Its
 * connection stands for its life.
 *
 * @param signal Ends it at once; what was announced is removed all the same.
 * @returns Whether all could be removed.
 */
export async function serve(
  listener: Deno.TcpListener,
  options: ReaperOptions,
  signal?: AbortSignal,
): Promise<boolean> {
  const { connectionMs, reconnectionMs, onNotice = () => {} } = options;
  const filters = new Map<string, Filter>();
  const connections = new Set<Deno.Conn>();
  const { promise: alone, resolve: leave } = Promise.withResolvers<void>();
  let timer = setTimeout(() => {
    onNotice(`Nobody connected within ${connectionMs} ms`);
    leave();
  }, connectionMs);
  signal?.addEventListener("abort", () => leave());
  if (signal?.aborted) leave();

  const accepting = (async () => {
    for await (const connection of listener) {
      clearTimeout(timer);
      connections.add(connection);
      void attend(connection, filters, onNotice).finally(() => {
        connections.delete(connection);
        if (connections.size > 0) return;
        clearTimeout(timer);
        timer = setTimeout(leave, reconnectionMs);
      });
    }
  })();
  await alone;
  clearTimeout(timer);
  listener.close();
  for (const connection of connections) close(connection);
  await accepting.catch(() => {});
  return await removeAll([...filters.values()], options);
}

/** Reads a client's filters until it is gone; never rejects. */
async function attend(
  connection: Deno.Conn,
  filters: Map<string, Filter>,
  onNotice: (line: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for await (const chunk of connection.readable) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop()!;
      if (rest.length > LINE_BYTES) return;
      for (const line of lines) {
        const filter = parseFilter(line);
        if (filter === undefined) {
          onNotice(`Not a filter: ${line.trim()}`);
          continue;
        }
        filters.set(line.trim(), filter);
        await write(connection, "ACK\n");
      }
    }
  } catch {
    // Its client was killed.
  } finally {
    close(connection);
  }
}

async function write(connection: Deno.Conn, text: string): Promise<void> {
  let bytes: Uint8Array = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(await connection.write(bytes));
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It is closed.
  }
}

/** Tries until an attempt finds nothing more; a container may have been on its way. */
async function removeAll(
  filters: readonly Filter[],
  { remove, retryMs = 1000, onNotice = () => {} }: ReaperOptions,
): Promise<boolean> {
  let failed: string[] = [];
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    let removed: string[] = [];
    failed = [];
    for (const filter of filters) {
      try {
        const result = await remove(filter);
        removed = [...removed, ...result.removed];
        failed = [...failed, ...result.failed];
      } catch (error) {
        failed.push(error instanceof Error ? error.message : String(error));
      }
    }
    for (const what of removed) onNotice(`Removed ${what}`);
    if (removed.length === 0 && failed.length === 0) return true;
    if (failed.length > 0) await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
  for (const what of failed) onNotice(`Not removed: ${what}`);
  return failed.length === 0;
}
