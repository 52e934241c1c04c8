/**
 * The way out of the link: towards the server through the tun device, towards the clients through raw sockets.
 */
import { EAGAIN, EINTR, ENOBUFS, errno, type Libc } from "./libc.ts";
import type { TunDescriptors } from "./tun.ts";

const AF_INET = 2, AF_INET6 = 10;
const MSG_DONTWAIT = 0x40;
/** How often a reason that will not pass is read before it is believed: see {@linkcode errno}. */
const REFUSALS = 3;

/** Sends packets on; allocates nothing. */
export class Outlet {
  readonly #libc: Libc;
  readonly #descriptors: TunDescriptors;
  /** struct sockaddr_in, and sockaddr_in6: the address at 4, and at 8. */
  readonly #to4 = new Uint8Array(16);
  readonly #to6 = new Uint8Array(28);

  constructor(libc: Libc, descriptors: TunDescriptors) {
    this.#libc = libc;
    this.#descriptors = descriptors;
    new DataView(this.#to4.buffer).setUint16(0, AF_INET, true);
    new DataView(this.#to6.buffer).setUint16(0, AF_INET6, true);
  }

  /** To the server. */
  up(bytes: Uint8Array<ArrayBuffer>, length: number): void {
    this.#libc.write(this.#descriptors.tun, bytes, length);
  }

  /** To a client. */
  down(bytes: Uint8Array<ArrayBuffer>, length: number): void {
    if (bytes[0]! >> 4 === 6) {
      const to = this.#to6;
      for (let i = 0; i < 16; i++) to[8 + i] = bytes[24 + i]!;
      this.#send(this.#descriptors.raw6, bytes, length, to, 28);
      return;
    }
    const to = this.#to4;
    to[4] = bytes[16]!;
    to[5] = bytes[17]!;
    to[6] = bytes[18]!;
    to[7] = bytes[19]!;
    this.#send(this.#descriptors.raw, bytes, length, to, 16);
  }

  #send(
    socket: number,
    bytes: Uint8Array<ArrayBuffer>,
    length: number,
    to: Uint8Array<ArrayBuffer>,
    size: number,
  ): void {
    // The socket's buffer empties within microseconds: packets wait in no queue but the model's.
    let refused = 0;
    for (let tries = 0; tries < 1000 && refused < REFUSALS; tries++) {
      if (this.#libc.sendto(socket, bytes, length, MSG_DONTWAIT, to, size) >= 0) return;
      const error = errno(this.#libc);
      if (error !== EINTR && error !== EAGAIN && error !== ENOBUFS) refused++;
    }
  }
}
