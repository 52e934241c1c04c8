/** A peer's sockets of UDP. */
import { Condition } from "./condition.ts";
import { PATIENCE, STARTING } from "./patience.ts";
import { PeerProblem } from "./tcp.ts";

/** A datagram that came. */
interface Received {
  bytes: Uint8Array<ArrayBuffer>;
  from: string;
}

/** Bytes that are kept at most; an empty datagram counts as {@linkcode LEAST}. */
const MOST = 1 << 26, LEAST = 64;

/** A socket of UDP; it takes what comes at once, so that the kernel's buffer does not overflow. Of a flood it keeps the first part. */
export class DatagramSocket {
  readonly #socket: Deno.DatagramConn;
  readonly #clientStarts: boolean;
  readonly #received: Received[] = [];
  #anything = false;
  #kept = 0;
  readonly #more = new Condition();

  /**
   * @param port 0: one that is free.
   * @param clientStarts Whether what comes first comes from a program that is only being started.
   */
  constructor(port: number, clientStarts: boolean) {
    this.#clientStarts = clientStarts;
    this.#socket = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port });
    void this.#receive();
  }

  /** The port that it is bound to. */
  get port(): number {
    return (this.#socket.addr as Deno.NetAddr).port;
  }

  async #receive(): Promise<void> {
    const buffer = new Uint8Array(65_535);
    try {
      for (;;) {
        const [bytes, sender] = await this.#socket.receive(buffer);
        const { hostname, port } = sender as Deno.NetAddr;
        if (this.#kept > MOST) continue;
        this.#kept += Math.max(LEAST, bytes.length);
        this.#anything = true;
        this.#received.push({ bytes: bytes.slice(), from: `${hostname}:${port}` });
        this.#more.notifyAll();
      }
    } catch {
      // Closed.
    }
  }

  /** Sends a datagram. */
  async send(bytes: Uint8Array, hostname: string, port: number): Promise<void> {
    await this.#socket.send(bytes, { transport: "udp", hostname, port });
  }

  /** The next datagram that has come or comes. @throws {PeerProblem} Where none does. */
  async receive(): Promise<Received> {
    for (;;) {
      const next = this.#received.shift();
      if (next !== undefined) {
        this.#kept -= Math.max(LEAST, next.bytes.length);
        return next;
      }
      const absent = this.#clientStarts && !this.#anything;
      if (await this.#more.wait(absent ? STARTING : PATIENCE)) continue;
      throw new PeerProblem(absent ? "absent" : "timeout", "timed out");
    }
  }

  /** Those that have come and were not taken. */
  pending(): Received[] {
    this.#kept = 0;
    return this.#received.splice(0);
  }

  /** Closes it; who waits gets nothing any more. */
  close(): void {
    this.#socket.close();
  }
}
