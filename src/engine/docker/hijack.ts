/**
 * Attaching to a container: one connection that stops being HTTP behind its first answer and is the container's standard
 * streams from then on (Docker Engine API, "Attach to a container", hijacking).
 *
 * By hand, for what the client library makes of such a connection under Deno loses what comes after our side has ended.
 */
import { connectDocker, type DockerSocket } from "../docker_socket.ts";

/** A container's standard streams as one connection. */
export interface Attached {
  /** What the container writes: as it is where it has a terminal, else in frames. Null once it has ended. */
  read(): Promise<Uint8Array | null>;
  write(bytes: Uint8Array): Promise<void>;
  /** Ends the container's standard input; its output goes on. */
  closeWrite(): Promise<void>;
  close(): void;
}

const PIECE = 65_536;
/** More than any engine's answer has in headers. */
const LONGEST_HEAD = 65_536;

/**
 * Asks an engine for a connection to a container's streams.
 *
 * @param path Of the request, with its query.
 * @throws {HijackError} Where the engine refuses.
 */
export async function hijack(
  socket: DockerSocket,
  path: string,
  options: { signal?: AbortSignal } = {},
): Promise<Attached> {
  const conn = await connectDocker(socket, options.signal);
  try {
    const request = `POST ${path} HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\n` +
      `Upgrade: tcp\r\nContent-Length: 0\r\n\r\n`;
    await writeAll(conn, new TextEncoder().encode(request));
    const { head, rest } = await readHead(conn);
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0);
    if (status !== 101 && status !== 200) {
      const { message } = JSON.parse(new TextDecoder().decode(rest)) as { message?: string };
      throw new HijackError(status, message ?? head);
    }
    return new Hijacked(conn, rest);
  } catch (error) {
    conn.close();
    throw error;
  }
}

/** An engine refused; as the client library's own errors, it has the answer's status. */
export class HijackError extends Error {
  override name = "HijackError";
  constructor(readonly statusCode: number, message: string) {
    super(message);
  }
}

class Hijacked implements Attached {
  readonly #conn: Deno.TcpConn | Deno.UnixConn;
  #first: Uint8Array | null;

  constructor(conn: Deno.TcpConn | Deno.UnixConn, first: Uint8Array) {
    this.#conn = conn;
    this.#first = first.length > 0 ? first : null;
  }

  async read(): Promise<Uint8Array | null> {
    const first = this.#first;
    this.#first = null;
    if (first !== null) return first;
    const piece = new Uint8Array(PIECE);
    const count = await this.#conn.read(piece).catch(() => null);
    return count === null ? null : piece.subarray(0, count);
  }

  async write(bytes: Uint8Array): Promise<void> {
    await writeAll(this.#conn, bytes);
  }

  async closeWrite(): Promise<void> {
    await this.#conn.closeWrite().catch(() => {});
  }

  close(): void {
    try {
      this.#conn.close();
    } catch {
      // Closed already.
    }
  }
}

async function writeAll(conn: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += await conn.write(bytes.subarray(done));
}

/** Reads up to the empty line; what came behind it is `rest`. */
async function readHead(conn: Deno.Conn): Promise<{ head: string; rest: Uint8Array }> {
  let all = new Uint8Array(0);
  for (;;) {
    const piece = new Uint8Array(PIECE);
    const count = await conn.read(piece);
    if (count === null || all.length > LONGEST_HEAD) {
      throw new Deno.errors.ConnectionReset("The engine answered nothing");
    }
    const joined = new Uint8Array(all.length + count);
    joined.set(all);
    joined.set(piece.subarray(0, count), all.length);
    all = joined;
    const text = new TextDecoder("latin1").decode(all);
    const end = text.indexOf("\r\n\r\n");
    if (end < 0) continue;
    const length = /^content-length: (\d+)/im.exec(text.slice(0, end))?.[1];
    // An error's text may come in a piece of its own.
    if (length !== undefined && all.length < end + 4 + Number(length)) continue;
    return { head: text.slice(0, end), rest: all.subarray(end + 4) };
  }
}
