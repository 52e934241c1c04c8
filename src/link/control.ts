/**
 * The control socket: requests in, answers out; `events` and `capture` turn a connection into a stream.
 */
import { jsonLine, LineStream } from "./line_stream.ts";
import type { Link } from "./link.ts";
import type { LinkRequest } from "./protocol.ts";

/** Serves a link until the listener is closed. */
export async function serveControl(listener: Deno.Listener, link: Link): Promise<void> {
  for await (const conn of listener) {
    serve(conn, link).catch(() => {}).finally(() => {
      try {
        conn.close();
      } catch {
        // It was closed by its subscriber, or by the peer.
      }
    });
  }
}

async function serve(conn: Deno.Conn, link: Link): Promise<void> {
  const lines = new LineStream(conn);
  for (;;) {
    let id: number | undefined;
    try {
      const request = await lines.readJson();
      if (request === null) return;
      const { v, id: given, ...rest } = request as { v?: number; id?: number } & LinkRequest;
      id = given;
      if (v !== 1) throw new RangeError(`Speak version 1 of the link's protocol, not ${v}`);
      const stream = rest.op === "events" || rest.op === "capture";
      const answer = stream ? {} : await answerTo(link, rest);
      await write(conn, jsonLine({ v: 1, id, ok: true, ...answer }));
      if (rest.op === "events") return await untilClosed(conn, link.watch(conn));
      if (rest.op === "capture") return await untilClosed(conn, link.capture(conn, rest.side));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      await write(conn, jsonLine({ v: 1, id, ok: false, error: message }));
      // What follows a line that is no JSON cannot be trusted to begin where a line begins.
      if (error instanceof SyntaxError && id === undefined) return;
    }
  }
}

function answerTo(link: Link, request: LinkRequest): Promise<object> {
  switch (request.op) {
    case "begin":
      return link.begin(request.up, request.down);
    case "set":
      return link.set(request);
    case "reset":
      return link.reset();
    case "show":
      return link.show();
    case "end":
      return link.end();
    case "await_listen":
      return link.awaitListen(request);
    default:
      throw new RangeError(
        `Ask the link for something that it does: op ${JSON.stringify(request.op)} is unknown`,
      );
  }
}

/** A reader says nothing more; its end of stream is how it leaves. */
async function untilClosed(conn: Deno.Conn, gone: Promise<void>): Promise<void> {
  const left = (async () => {
    const bytes = new Uint8Array(64);
    while (await conn.read(bytes).catch(() => null) !== null);
    conn.close();
  })().catch(() => {});
  await Promise.race([gone, left]);
}

async function write(conn: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += await conn.write(bytes.subarray(done));
}
