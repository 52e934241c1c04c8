/** A peer's connections. */
import net from "node:net";
import { Condition } from "./condition.ts";
import { joined } from "./joined.ts";
import { PATIENCE, STARTING, withPatience } from "./patience.ts";
import type { PeerFault } from "./protocol.ts";

/** An operation did not do what it should; `bytes` is what came before. */
export class PeerProblem extends Error {
  override name = "PeerProblem";
  constructor(readonly fault: PeerFault, message: string, readonly bytes?: Uint8Array) {
    super(message);
  }
}

/** Bytes that are read ahead of who asks for them; beyond that the sender is made to wait. */
const AHEAD = 1 << 16;
/** Bytes that are kept at most, and of a line: an answer without an end is not waited for. */
const MOST = 1 << 26, LONGEST_LINE = 1 << 20;
/** Bytes of one write of {@linkcode Connection.pour}. */
const PIECE = 1 << 14;

/** A connection. It reads a little ahead, so that what came before a reset is not lost. */
export class Connection {
  readonly #socket: net.Socket;
  #pieces: Uint8Array<ArrayBuffer>[] = [];
  #have = 0;
  #want = 0;
  #end: { fault: PeerFault; message: string } | null = null;
  readonly #more = new Condition();

  constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setMaxListeners(0);
    socket.on("data", (piece: Uint8Array<ArrayBuffer>) => {
      this.#pieces.push(piece);
      this.#have += piece.length;
      if (this.#have >= Math.max(AHEAD, this.#want)) socket.pause();
      this.#more.notifyAll();
    });
    socket.on("end", () => this.#over("end", "end of stream"));
    socket.on("error", (error) => this.#over(faultOf(error), error.message));
    socket.on("close", () => this.#over("gone", "closed"));
  }

  /** `ip:port`. */
  get local(): string {
    return `${plain(this.#socket.localAddress)}:${this.#socket.localPort}`;
  }
  /** `ip:port`. */
  get remote(): string {
    return `${plain(this.#socket.remoteAddress)}:${this.#socket.remotePort}`;
  }

  #over(fault: PeerFault, message: string): void {
    // An end may be followed by a reset; only "closed" says nothing new.
    if (this.#end === null || (this.#end.fault === "end" && fault === "reset")) {
      this.#end = { fault, message };
    }
    this.#more.notifyAll();
  }

  /** Writes; settles once the kernel has all of it. @throws {PeerProblem} */
  async send(bytes: Uint8Array): Promise<void> {
    // Where the other side's end has come and nobody was told yet, Deno refuses to write (EPIPE), though it could.
    await new Promise((resolve) => setTimeout(resolve));
    const written = new Promise<Error | null>((resolve) => {
      this.#socket.write(bytes, (error) => resolve(error ?? null));
      this.#socket.once("close", () => resolve(new Error("closed")));
    });
    const error = await withPatience<Error | null>(
      written,
      () => new PeerProblem("timeout", "it takes no more bytes"),
    );
    if (error instanceof PeerProblem) throw error;
    if (error !== null) throw this.#problem(faultOf(error), error.message);
  }

  /** Writes without end of patience; resolves to how many bytes the kernel took. */
  async pour(bytes: Uint8Array): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve));
    let taken = 0;
    while (taken < bytes.length) {
      const piece = bytes.subarray(taken, taken + PIECE);
      const failed = await new Promise<boolean>((resolve) => {
        if (this.#socket.destroyed) return resolve(true);
        this.#socket.write(piece, (error) => resolve(Boolean(error)));
        this.#socket.once("close", () => resolve(true));
      });
      if (failed) break;
      taken += piece.length;
    }
    return taken;
  }

  /** Bytes as soon as `enough` finds them in what has come: it returns how many, or 0. */
  async #take(want: number, enough: () => number, most = MOST): Promise<Uint8Array> {
    for (;;) {
      const length = enough();
      if (length > 0) {
        const bytes = this.#all();
        this.#pieces = [bytes.subarray(length)];
        this.#have = bytes.length - length;
        this.#want = 0;
        return bytes.subarray(0, length);
      }
      if (this.#end !== null) throw this.#problem("end", "end of stream");
      if (this.#have > most) throw new PeerProblem("flood", `more than ${most >> 20} MB came`);
      // Whoever waits gets more, however much has come: a line may be longer than what is read ahead.
      this.#want = Math.max(want, this.#have + 1);
      this.#socket.resume();
      // Whoever still gets bytes is not at the end of the patience: a large answer may take its time.
      if (!await this.#more.wait()) {
        throw new PeerProblem("timeout", "timed out", this.#all());
      }
    }
  }

  #all(): Uint8Array<ArrayBuffer> {
    const all = joined(this.#pieces);
    this.#pieces = [all];
    return all;
  }

  /** The next bytes, exactly so many. @throws {PeerProblem} With those that came, where it is fewer. */
  async read(length: number): Promise<Uint8Array> {
    if (length === 0) return new Uint8Array(0);
    return await this.#take(length, () => this.#have >= length ? length : 0);
  }

  /** The next line with its end. @throws {PeerProblem} With what came, where no whole line did. */
  readLine(): Promise<Uint8Array> {
    return this.#take(AHEAD, () => this.#all().indexOf(0x0a) + 1, LONGEST_LINE);
  }

  /** All bytes to the end of the stream. @throws {PeerProblem} With those that came, where it is another end. */
  async readToEnd(): Promise<Uint8Array> {
    const how = await this.#last();
    const bytes = this.#all();
    if (how.fault !== "end") throw new PeerProblem(how.fault, how.message, bytes);
    this.#pieces = [];
    this.#have = 0;
    return bytes;
  }

  /** How the other side ended the connection, whatever it sent before. */
  async closed(): Promise<"end" | "reset"> {
    const { fault, message } = await this.#last();
    if (fault === "end" || fault === "reset") return fault;
    throw new PeerProblem(fault, message);
  }

  async #last(): Promise<{ fault: PeerFault; message: string }> {
    await this.#take(Infinity, () => 0).catch((problem) => {
      if (this.#end === null) throw problem;
    });
    return this.#end!;
  }

  #problem(fault: PeerFault, message: string): PeerProblem {
    const { fault: known, message: said } = this.#end ?? { fault, message };
    return new PeerProblem(known, said, this.#all());
  }

  /** Ends our side. */
  async shut(): Promise<void> {
    if (this.#socket.destroyed) return;
    await new Promise<void>((resolve) => {
      this.#socket.once("close", () => resolve());
      this.#socket.end(() => resolve());
    });
  }

  /** Closes both sides in order; at the end of its patience, without. */
  async close(): Promise<void> {
    await withPatience(this.shut(), () => {});
    this.#socket.destroy();
  }

  /** Aborts: the other side gets a RST. */
  reset(): void {
    if (!this.#socket.destroyed) this.#socket.resetAndDestroy();
  }
}

/** Connects, unless the signal comes first. @throws {PeerProblem} */
export async function connectTo(
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<Connection> {
  const socket = net.connect({ host, port, allowHalfOpen: true, noDelay: true });
  const connected = new Promise<PeerProblem | null>((resolve) => {
    socket.once("connect", () => resolve(null));
    socket.once("error", (error) => resolve(new PeerProblem(faultOf(error), error.message)));
    signal.addEventListener("abort", () => resolve(new PeerProblem("gone", "closed")));
  });
  const late = () => new PeerProblem("timeout", "timed out");
  const problem = await withPatience<PeerProblem | null>(connected, late);
  if (problem === null) return new Connection(socket);
  socket.on("error", () => {});
  socket.destroy();
  throw problem;
}

/** Takes connections; each is taken from the kernel at once and waits here for who accepts it. */
export class Acceptor {
  readonly #server: net.Server;
  readonly #waiting: Connection[] = [];
  readonly #more = new Condition();
  #anybody = false;

  constructor(server: net.Server) {
    this.#server = server;
    server.on("connection", (socket) => {
      this.#anybody = true;
      this.#waiting.push(new Connection(socket));
      this.#more.notifyAll();
    });
  }

  /** The next connection. @throws {PeerProblem} Where none comes. */
  async accept(): Promise<Connection> {
    for (;;) {
      const next = this.#waiting.shift();
      if (next !== undefined) return next;
      if (await this.#more.wait(this.#anybody ? PATIENCE : STARTING)) continue;
      throw new PeerProblem(this.#anybody ? "timeout" : "absent", "timed out");
    }
  }

  /** Stops listening; what nobody accepted is reset. */
  close(): void {
    this.#server.close();
    for (const connection of this.#waiting.splice(0)) connection.reset();
  }
}

/** Listens on every interface, of IPv4. @throws {PeerProblem} Where the port is taken. */
export async function listenOn(port: number): Promise<Acceptor> {
  const server = net.createServer({ allowHalfOpen: true, noDelay: true });
  const acceptor = new Acceptor(server);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(new PeerProblem("other", error.message)));
    server.listen(port, "0.0.0.0", () => resolve());
  });
  return acceptor;
}

const FAULTS: Readonly<Record<string, PeerFault>> = {
  ECONNREFUSED: "refused",
  ECONNRESET: "reset",
  EPIPE: "reset",
  // So Deno tells of a write that a reset has cut short.
  ECANCELED: "reset",
  ETIMEDOUT: "timeout",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
};

function faultOf(error: Error): PeerFault {
  return FAULTS[(error as NodeJS.ErrnoException).code ?? ""] ?? "other";
}

function plain(address: string | undefined): string {
  return (address ?? "").replace(/^::ffff:/, "");
}
