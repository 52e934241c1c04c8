/**
 * The caller's end of a link's control socket.
 */
import { type Connection, jsonLine, LineStream, writeAll } from "../mux/mod.ts";
import type { LinkEvent } from "../packet/mod.ts";
import type { DriverName } from "./driver_choice.ts";
import type {
  LinkAnswer,
  LinkBegun,
  LinkEnd,
  LinkRequest,
  LinkSetting,
  LinkState,
  ListenReport,
  SocketReport,
} from "./protocol.ts";
import type { SocketStates } from "./socket_states.ts";

/** A link refused what was asked; the message is its own. */
export class LinkError extends Error {
  override name = "LinkError";
}

/** It refused what another request could have had: its caller is at fault, neither the link nor its machine. */
export class LinkRefusal extends LinkError {
  override name = "LinkRefusal";
}

/** What a run may be told besides what the link does in it. */
export interface BeginOptions {
  /**
   * Whether it takes part in a run with the same settings that others share, or begins one that they may join; it ends
   * with the last connection that takes part. Default false.
   */
  join?: boolean;
  /**
   * Whether the seeds in the profiles were merely drawn, and those of the run joined, or of the link's last run with the
   * same profiles, may take their place. Default false.
   */
  reuseSeeds?: boolean;
  /** Whether the seeds were merely drawn, and may be left away where a driver follows none. Default: `reuseSeeds`. */
  drawn?: boolean;
  /** The run's driver. Default: the link's own choice. */
  driver?: DriverName;
}

/** A connection to a link; each stream has a connection of its own. */
export class LinkClient implements Disposable {
  readonly #open: () => Promise<Connection>;
  readonly #conn: Connection;
  readonly #lines: LineStream;
  #turn: Promise<unknown> = Promise.resolve();

  /** Use {@linkcode connectLink}. */
  constructor(open: () => Promise<Connection>, conn: Connection) {
    this.#open = open;
    this.#conn = conn;
    this.#lines = new LineStream(conn);
  }

  /**
   * Begins a run, which then is nobody's: it lasts until somebody ends it.
   *
   * @throws {LinkRefusal} At a driver that cannot do what is asked, or that is not the link's.
   * @throws {LinkError} At a wrong profile or script; with `join`, where others share a run with other settings.
   */
  begin(
    up: LinkSetting,
    down: LinkSetting,
    options: BeginOptions = {},
  ): Promise<LinkBegun> {
    return this.#ask({
      op: "begin",
      up,
      down,
      ...(options.join && { join: true }),
      ...(options.reuseSeeds && { reuse_seeds: true }),
      ...(options.drawn && { drawn: true }),
      ...(options.driver && { driver: options.driver }),
    });
  }
  /** Changes the directions given. @throws {LinkError} At a wrong profile or script; nothing has changed then. */
  set(change: { up?: LinkSetting; down?: LinkSetting }): Promise<LinkState> {
    return this.#ask({ op: "set", ...change });
  }
  /** Where the link stands. */
  show(): Promise<LinkState> {
    return this.#ask({ op: "show" });
  }
  /** Back to a perfect wire. */
  reset(): Promise<LinkState> {
    return this.#ask({ op: "reset" });
  }
  /** Ends the run, or this connection's part in one that others share (`last` says which). */
  end(): Promise<LinkEnd> {
    return this.#ask({ op: "end" });
  }
  /** Waits, at most so long, until something listens on the port. */
  awaitListening(
    wanted: { proto: "udp" | "tcp"; port: number; timeoutMs: number },
  ): Promise<ListenReport> {
    const { timeoutMs, ...rest } = wanted;
    return this.#ask({ op: "await_listen", ...rest, timeout_ms: timeoutMs });
  }

  /** The states of the sockets of TCP in the server's namespace. */
  async socketStates({ port }: { port?: number } = {}): Promise<SocketStates> {
    const request = { op: "sockets", ...(port === undefined ? {} : { port }) } as const;
    return (await this.#ask<SocketReport>(request)).states;
  }

  async #ask<T>(request: LinkRequest): Promise<T> {
    const answer = this.#turn.then(() => ask<T>(this.#conn, this.#lines, request));
    this.#turn = answer.catch(() => {});
    return await answer;
  }

  /**
   * The link's events from now on; subscribed once this has resolved.
   *
   * @param options `signal`: ends them at once; `enough`: once all has come that the link told until then. Without
   * either they end with the link.
   */
  async events(
    options: { signal?: AbortSignal; enough?: AbortSignal } = {},
  ): Promise<AsyncIterableIterator<LinkEvent>> {
    const { lines, close, finish } = await this.#stream({ op: "events" }, options.signal);
    if (options.enough?.aborted) finish();
    options.enough?.addEventListener("abort", finish, { once: true });
    return (async function* () {
      try {
        for (;;) {
          const event = await lines.readJson();
          if (event === null) return;
          yield event as LinkEvent;
        }
      } finally {
        close();
      }
    })();
  }

  /** The bytes of a pcap file, from now on until the signal; also ends with the link, or when the stream is cancelled. */
  async capture(
    side: "client" | "server",
    options: { signal?: AbortSignal } = {},
  ): Promise<ReadableStream<Uint8Array>> {
    const { lines, close, finish } = await this.#stream({ op: "capture", side });
    // What was captured before the signal still comes: the link answers a half-close with its last bytes.
    if (options.signal?.aborted) finish();
    options.signal?.addEventListener("abort", finish, { once: true });
    return lines.readBytes(close);
  }

  async #stream(
    request: LinkRequest,
    signal?: AbortSignal,
  ): Promise<{ lines: LineStream; close: () => void; finish: () => void }> {
    const conn = await this.#open();
    const close = once(() => conn.close());
    signal?.addEventListener("abort", close, { once: true });
    const lines = new LineStream(conn);
    await ask(conn, lines, request);
    return { lines, close, finish: () => void conn.closeWrite().catch(() => {}) };
  }

  /** Closes the connection; streams go on. */
  close(): void {
    try {
      this.#conn.close();
    } catch {
      // Closed already.
    }
  }
  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Connects to a link.
 *
 * @param where Path of its control socket, or what opens connections to it.
 * @throws {Error} Where no link answers there.
 */
export async function connectLink(
  where: string | { open(): Promise<Connection> },
): Promise<LinkClient> {
  if (typeof where !== "string") {
    const open = () => where.open();
    return new LinkClient(open, await open());
  }
  const open = () => Deno.connect({ transport: "unix", path: where });
  try {
    return new LinkClient(open, await open());
  } catch (cause) {
    throw new Error(`Start the lab first: no link answers at ${where}`, { cause });
  }
}

async function ask<T>(conn: Connection, lines: LineStream, request: LinkRequest): Promise<T> {
  const bytes = jsonLine({ v: 1, ...request });
  try {
    await writeAll(conn, bytes);
  } catch (cause) {
    throw new Error("The link has ended", { cause });
  }
  const answer = await lines.readJson() as LinkAnswer<T> | null;
  if (answer === null) throw new Error("The link has ended");
  if (!answer.ok) throw new (answer.refused ? LinkRefusal : LinkError)(answer.error);
  return answer;
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    try {
      action();
    } catch {
      // Closed by the peer.
    }
  };
}
