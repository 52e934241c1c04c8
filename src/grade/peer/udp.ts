/** A peer's sockets of UDP. */
import { withPatience } from "./patience.ts";
import { PeerProblem } from "./tcp.ts";

/** A datagram that came. */
interface Received {
  bytes: Uint8Array;
  from: string;
}

/** A socket of UDP; it takes what comes at once, so that the kernel's buffer does not overflow. */
export class DatagramSocket {
  readonly #socket: Deno.DatagramConn;
  readonly #received: Received[] = [];
  #wake: () => void = () => {};

  /** @param port 0: one that is free. */
  constructor(port: number) {
    this.#socket = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port });
    void this.#receive();
  }

  get port(): number {
    return (this.#socket.addr as Deno.NetAddr).port;
  }

  async #receive(): Promise<void> {
    const buffer = new Uint8Array(65_535);
    try {
      for (;;) {
        const [bytes, sender] = await this.#socket.receive(buffer);
        const { hostname, port } = sender as Deno.NetAddr;
        this.#received.push({ bytes: bytes.slice(), from: `${hostname}:${port}` });
        this.#wake();
      }
    } catch {
      // Closed.
    }
  }

  async send(bytes: Uint8Array, hostname: string, port: number): Promise<void> {
    await this.#socket.send(bytes, { transport: "udp", hostname, port });
  }

  async receive(): Promise<Received> {
    for (;;) {
      const next = this.#received.shift();
      if (next !== undefined) return next;
      const woken = new Promise<boolean>((resolve) => this.#wake = () => resolve(true));
      if (!await withPatience(woken, () => false)) throw new PeerProblem("timeout", "timed out");
    }
  }

  pending(): Received[] {
    return this.#received.splice(0);
  }

  close(): void {
    this.#socket.close();
  }
}
