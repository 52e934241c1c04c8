/**
 * The control socket: requests in, answers out; `events` and `capture` turn a connection into a stream.
 */
import { close, type Connection, jsonLine, LineStream, writeAll } from "../mux/mod.ts";
import { RefusedError } from "./driver_choice.ts";
import type { Link } from "./link.ts";
import type { LinkRequest } from "./protocol.ts";
import type { Subscriber } from "./subscriber.ts";
import { parseRequest, requestId } from "./request.ts";

/** Serves a link until the listener is closed. */
export async function serveControl(listener: Deno.Listener, link: Link): Promise<void> {
  for await (const conn of listener) serveConnection(conn, link);
}

/** Serves one connection until it ends, and closes it. */
export async function serveConnection(conn: Connection, link: Link): Promise<void> {
  try {
    await serve(conn, link);
  } catch {
    // The peer has gone.
  } finally {
    close(conn);
    // A driver that fails here has told its owner.
    link.leave(conn).catch(() => {});
  }
}

async function serve(conn: Connection, link: Link): Promise<void> {
  const lines = new LineStream(conn);
  for (;;) {
    let value: unknown;
    try {
      value = await lines.readJson();
    } catch (error) {
      // What follows a line that is no JSON cannot be trusted to begin where a line begins.
      return await writeAll(conn, refusal(undefined, error));
    }
    if (value === null) return;
    const id = requestId(value);
    try {
      const request = parseRequest(value);
      if (request.op === "events" || request.op === "capture") {
        // The answer is the stream's own first line: nothing that happens after it is missed.
        const accepted = jsonLine({ v: 1, id, ok: true });
        return await untilClosed(
          conn,
          request.op === "events"
            ? link.watch(conn, accepted)
            : link.capture(conn, request.side, accepted),
        );
      }
      const answer = await answerTo(link, request, conn);
      await writeAll(conn, jsonLine({ v: 1, id, ok: true, ...answer }));
    } catch (error) {
      await writeAll(conn, refusal(id, error));
    }
  }
}

function refusal(id: number | string | undefined, error: unknown): Uint8Array<ArrayBuffer> {
  const message = error instanceof Error ? error.message : String(error);
  const refused = error instanceof RefusedError ? { refused: true } : {};
  return jsonLine({ v: 1, id, ok: false, error: message, ...refused });
}

function answerTo(
  link: Link,
  request: Exclude<LinkRequest, { op: "events" | "capture" }>,
  caller: Connection,
): Promise<object> {
  switch (request.op) {
    case "begin":
      return link.begin(request, caller);
    case "set":
      return link.set(request);
    case "reset":
      return link.reset();
    case "show":
      return link.show();
    case "end":
      return link.end(caller);
    case "await_listen":
      return link.awaitListen(request);
    case "sockets":
      return link.sockets(request);
  }
}

/** A reader says nothing more; its end of stream is how it leaves. */
async function untilClosed(conn: Connection, reader: Subscriber): Promise<void> {
  const left = (async () => {
    const bytes = new Uint8Array(64);
    while (await conn.read(bytes).catch(() => null) !== null);
    // One that has only said its last word still reads: it gets what is on its way.
    await reader.flush();
    reader.close();
  })();
  await Promise.race([reader.gone, left]);
}
