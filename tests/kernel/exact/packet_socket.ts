/** Sockets on a network device: one that sends whole frames, one that sees what leaves the device's qdisc. */
import { attempt, cstring, libc, must } from "./libc.ts";

const AF_PACKET = 17, SOCK_RAW = 3, ETH_P_ALL = 0x0300;
const SOL_SOCKET = 1, SO_SNDBUFFORCE = 32, SO_RCVBUFFORCE = 33;
const SOL_PACKET = 263, PACKET_STATISTICS = 6;
const MSG_DONTWAIT = 0x40;
const OUTGOING = 4;
const EAGAIN = 11;

function open(device: string, protocol: number): number {
  const fd = must("socket", libc.socket(AF_PACKET, SOCK_RAW, protocol));
  const address = new DataView(new ArrayBuffer(20));
  address.setUint16(0, AF_PACKET, true);
  address.setUint16(2, protocol, true);
  address.setUint32(4, libc.if_nametoindex(cstring(device)), true);
  must("bind", libc.bind(fd, new Uint8Array(address.buffer), 20));
  return fd;
}

function room(fd: number, option: number, bytes: number): void {
  const value = new Uint8Array(new Int32Array([bytes]).buffer);
  must("setsockopt", libc.setsockopt(fd, SOL_SOCKET, option, value, 4));
}

/** Opens what sends through the device's qdisc; it sees nothing. Returns a function that sends a frame. */
export function frameSender(device: string): (frame: Uint8Array<ArrayBuffer>) => void {
  const fd = open(device, 0);
  room(fd, SO_SNDBUFFORCE, 64 << 20);
  return (frame) => {
    // A failure tells of a frame that the qdisc drops, as if there were no room; any other frame is missed later.
    libc.send(fd, frame, frame.length, 0);
  };
}

/** What sees each frame as the device begins to send it, in that order. */
export class Tap {
  readonly #fd: number;
  readonly #buffer = new Uint8Array(65536);
  readonly #from = new Uint8Array(20);
  readonly #fromLength = new Uint8Array(new Int32Array([20]).buffer);

  constructor(device: string) {
    this.#fd = open(device, ETH_P_ALL);
    room(this.#fd, SO_RCVBUFFORCE, 256 << 20);
  }

  /** The next frame that left, valid until the next call; null where none waits. */
  next(): Uint8Array<ArrayBuffer> | null {
    for (;;) {
      const length = attempt("recvfrom", EAGAIN, () =>
        libc.recvfrom(
          this.#fd,
          this.#buffer,
          this.#buffer.length,
          MSG_DONTWAIT,
          this.#from,
          this.#fromLength,
        ));
      if (length === null) return null;
      if (this.#from[10] === OUTGOING) return this.#buffer.subarray(0, length);
    }
  }

  /** How many frames it missed since the last question. */
  missed(): number {
    const statistics = new Uint32Array(2);
    const bytes = new Uint8Array(statistics.buffer);
    const length = new Uint8Array(new Int32Array([8]).buffer);
    must("getsockopt", libc.getsockopt(this.#fd, SOL_PACKET, PACKET_STATISTICS, bytes, length));
    return statistics[1]!;
  }
}
