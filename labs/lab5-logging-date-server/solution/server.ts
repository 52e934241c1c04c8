/**
 * The logging date server: answers each request with the date and time, and keeps a record of each in
 * a file of its own, log0.txt, log1.txt, … Clients are served at the same time.
 *
 *     deno run --allow-net --allow-read=logs --allow-write=logs server.ts [--host 0.0.0.0] [--port 6015]
 *         [--logs logs]
 */
import { parseArgs } from "@std/cli/parse-args";

/** The longest request that we take, its line end included. */
const LONGEST = 1_024;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Files log0.txt, log1.txt, … The number only grows, and a file is there whole or not at all. */
class LogFolder {
  #next: number | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(readonly path: string) {}

  /** Keeps a line in a new file. */
  append(line: string): Promise<void> {
    // Each entry waits for the one before it. If two looked for a free number at the same time, both
    // would find the same.
    const done = this.#last.then(() => this.#write(line));
    this.#last = done.catch(() => {});
    return done;
  }

  async #write(line: string) {
    this.#next ??= await this.#open();
    // A file appears under its own name only when all of it has been written: whoever reads the folder,
    // or kills us in the middle, finds no half one. And a link, unlike a rename, never takes the place
    // of a file that is there. Only when it stands is its number used up.
    const aside = `${this.path}/.${crypto.randomUUID()}.part`;
    try {
      await Deno.writeTextFile(aside, line, { createNew: true });
      while (!await this.#link(aside, `${this.path}/log${this.#next}.txt`)) this.#next++;
      this.#next++;
    } finally {
      await Deno.remove(aside).catch(() => {});
    }
  }

  /** False if the name is taken: somebody else writes here, too. */
  async #link(from: string, to: string): Promise<boolean> {
    try {
      await Deno.link(from, to);
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) return false;
      throw error;
    }
  }

  /** Makes the folder ready; returns the number after the highest there, of however many runs before. */
  async #open(): Promise<number> {
    await Deno.mkdir(this.path, { recursive: true });
    let next = 0;
    for await (const { name } of Deno.readDir(this.path)) {
      const number = /^log(\d+)\.txt$/.exec(name)?.[1];
      // As numbers: as text, log9.txt comes after log10.txt.
      if (number !== undefined) next = Math.max(next, Number(number) + 1);
    }
    return next;
  }
}

const options = parseArgs(Deno.args, {
  string: ["host", "port", "logs"],
  default: { host: "0.0.0.0", port: "6015", logs: "logs" },
  unknown: (argument) => fail(`unknown option ${argument}`, 2),
});

const logs = new LogFolder(options.logs);
const listener = listen(options.host, Number(options.port));
const connections = new Set<Deno.TcpConn>();

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    listener.close();
    for (const connection of connections) connection.close();
    console.log("Server stopped");
    Deno.exit(0);
  });
}

const here = listener.addr as Deno.NetAddr;
console.log(`Server listens on TCP ${here.hostname}:${here.port}`);

while (true) {
  try {
    // Not awaited: while one client is served, the next one is let in.
    serve(await listener.accept());
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    // This client had gone before we came to take it: on to the next.
    if (code === "ENOTCONN") continue;
    console.error(`server: cannot take a connection: ${message}`);
    // Such as no file descriptor left. It passes when a client goes, not by trying at once.
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function serve(connection: Deno.TcpConn) {
  connections.add(connection);
  const { hostname, port } = connection.remoteAddr;
  try {
    const request = await readRequest(connection);
    if (request === null) return;
    const time = now();
    try {
      await logs.append(`${time} ${hostname}:${port} ${escaped(request)}\n`);
    } catch (error) {
      // A full disk is our operator's business. The client asked for the date.
      const [reason] = (error as Error).message.split(": ");
      console.error(`server: ${hostname}:${port} not logged in ${options.logs}: ${reason}`);
    }
    await send(connection, new TextEncoder().encode(`${time}\n`));
  } catch (error) {
    // A connection that was reset is the end of one client, not of the server.
    console.error(`server: lost ${hostname}:${port}: ${(error as Error).message}`);
  } finally {
    connections.delete(connection);
    connection.close();
  }
}

/** Reads a line, or to the client's end, and returns it without its line end. Null: not a single byte. */
async function readRequest(connection: Deno.TcpConn): Promise<Uint8Array | null> {
  const buffer = new Uint8Array(LONGEST);
  let length = 0;
  while (length < LONGEST) {
    // TCP carries bytes and knows no lines: a read may bring only a part of one.
    const read = await connection.read(buffer.subarray(length));
    if (read === null) return length > 0 ? buffer.subarray(0, length) : null;
    length += read;
    const end = buffer.subarray(0, length).indexOf(LINE_FEED);
    if (end >= 0) return buffer.subarray(0, buffer[end - 1] === CARRIAGE_RETURN ? end - 1 : end);
  }
  throw new Error(`a request of more than ${LONGEST} bytes`);
}

/** Sends all of it: one write takes only as much as there is room for, and says how much that was. */
async function send(connection: Deno.TcpConn, bytes: Uint8Array) {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

/**
 * A request in quotes, with `\xHH` for what is not printable ASCII. As it came, it could end our line and
 * forge the next, or send commands to the terminal of whoever reads the log.
 */
function escaped(bytes: Uint8Array): string {
  const printable = (byte: number) => byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
  const text = Array.from(
    bytes,
    (byte) =>
      printable(byte) ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`,
  );
  return `"${text.join("")}"`;
}

/** The time by this machine's clock, as RFC 3339 writes it: `2026-11-21T04:31:00+01:00`. */
function now(): string {
  const time = Temporal.Now.zonedDateTimeISO();
  return time.toString({ smallestUnit: "second", timeZoneName: "never" });
}

function listen(hostname: string, port: number): Deno.TcpListener {
  try {
    return Deno.listen({ hostname, port });
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      fail(`port ${port} is taken: stop the program that has it, or choose another with --port`);
    }
    fail(`cannot listen on ${hostname}:${options.port}: ${(error as Error).message}`);
  }
}

function fail(message: string, status = 1): never {
  console.error(`server: ${message}`);
  Deno.exit(status);
}
