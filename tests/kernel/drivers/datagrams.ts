/** UDP from one network namespace to another, timed by one clock: the kernel's, of the wall. */
import { attempt, cstring, libc, monotonicNs, must } from "../exact/libc.ts";
import type { Arrivals, ToMeasure } from "./measured.ts";

const AF_INET = 2, SOCK_DGRAM = 2, CLONE_NEWNET = 0x40000000;
const SOL_SOCKET = 1, SO_RCVBUFFORCE = 33;
const SIOCGSTAMPNS = 0x8907;
const MSG_DONTWAIT = 0x40;
const EAGAIN = 11;
const PORT = 12000;

const time = new BigInt64Array(2);
const timeBytes = new Uint8Array(time.buffer);
const microseconds = () => Number(time[0]) * 1e6 + Number(time[1]) / 1e3;

function wallUs(): number {
  libc.clock_gettime(0, timeBytes);
  return microseconds();
}

/** A socket in another network namespace than the program's own. */
function socketIn(namespace: string): number {
  const open = (path: string) => must("open", libc.open(cstring(path), 0));
  const own = open("/proc/thread-self/ns/net"), other = open(namespace);
  must("setns", libc.setns(other, CLONE_NEWNET));
  const fd = libc.socket(AF_INET, SOCK_DGRAM, 0);
  must("setns", libc.setns(own, CLONE_NEWNET));
  for (const file of [own, other]) libc.close(file);
  return must("socket", fd);
}

function address(host: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setUint16(2, PORT);
  bytes[0] = AF_INET;
  bytes.set(host.split(".").map(Number), 4);
  return bytes;
}

/** When each was sent: by the clock of the wall in microseconds, by the monotonic one in nanoseconds. */
interface Sent {
  at: Float64Array;
  atNs: Float64Array;
}

/** A socket at either end. */
export class Datagrams {
  readonly #from: number;
  readonly #to: number;
  readonly #payload = new Uint8Array(64);
  readonly #view = new DataView(this.#payload.buffer);
  readonly #came = new Uint8Array(64);
  readonly #cameView = new DataView(this.#came.buffer);
  readonly #poll: Uint8Array<ArrayBuffer>;
  readonly #wait = new BigInt64Array(2);
  readonly #waitBytes = new Uint8Array(this.#wait.buffer);

  constructor(from: string, to: string) {
    this.#from = socketIn(from);
    this.#to = socketIn(to);
    // A pollfd: the socket, and what is waited for: input.
    this.#poll = new Uint8Array(new Int32Array([this.#to, 1]).buffer);
    const room = new Uint8Array(new Int32Array([64 << 20]).buffer);
    libc.setsockopt(this.#to, SOL_SOCKET, SO_RCVBUFFORCE, room, 4);
    must("bind", libc.bind(this.#to, address("0.0.0.0"), 16));
    // From the first question on, the kernel keeps the time of what comes.
    libc.ioctl(this.#to, SIOCGSTAMPNS, timeBytes);
  }

  /** Sends datagrams at a pace; returns how long those took that came. */
  exchange(host: string, { packets, gapUs, longestMs }: Omit<ToMeasure, "profile">): Arrivals {
    const to = address(host);
    const sent: Sent = { at: new Float64Array(packets), atNs: new Float64Array(packets) };
    const arrivals: Arrivals = { delaysUs: [], leastUs: Infinity };
    let due = wallUs();
    for (let n = 0; n < packets; n++, due += gapUs) {
      this.#await(due, sent, arrivals);
      this.#view.setUint32(0, n);
      sent.atNs[n] = monotonicNs();
      sent.at[n] = wallUs();
      must("sendto", libc.sendto(this.#from, this.#payload, 64, 0, to, 16));
    }
    const end = wallUs() + longestMs * 1000;
    this.#await(end, sent, arrivals);
    return arrivals;
  }

  close(): void {
    libc.close(this.#from);
    libc.close(this.#to);
  }

  /** Takes what comes until a time. Asleep between: the processor is for what is measured. */
  #await(until: number, sent: Sent, arrivals: Arrivals): void {
    for (let left = until - wallUs(); left > 0; left = until - wallUs()) {
      this.#wait[0] = BigInt(Math.floor(left / 1e6));
      this.#wait[1] = BigInt(Math.ceil(left % 1e6 * 1000));
      libc.ppoll(this.#poll, 1, this.#waitBytes, null);
      this.#take(sent, arrivals);
    }
  }

  /** Takes all that has come. */
  #take(sent: Sent, arrivals: Arrivals): void {
    for (;;) {
      const receive = () => libc.recv(this.#to, this.#came, 64, MSG_DONTWAIT);
      if (attempt("recv", EAGAIN, receive) === null) return;
      must("ioctl", libc.ioctl(this.#to, SIOCGSTAMPNS, timeBytes));
      const n = this.#cameView.getUint32(0);
      arrivals.delaysUs.push(microseconds() - sent.at[n]!);
      arrivals.leastUs = Math.min(arrivals.leastUs, (monotonicNs() - sent.atNs[n]!) / 1000);
    }
  }
}
