/**
 * The tun device and the raw socket of the `tun` driver: opened here, used by the packet thread.
 */
import { LackingError } from "./driver_choice.ts";
import { cstring, errno, type Libc } from "./libc.ts";
import { linkMark, tunDevice } from "./routes.ts";

const O_RDWR = 2, O_NONBLOCK = 0x800, O_CLOEXEC = 0x80000;
const TUNSETIFF = 0x400454ca;
const IFF_TUN = 0x0001, IFF_NO_PI = 0x1000;
const AF_INET = 2, AF_INET6 = 10, SOCK_RAW = 3, SOCK_CLOEXEC = 0x80000, IPPROTO_RAW = 255;
const SOL_SOCKET = 1, SO_MARK = 36, SO_SNDBUFFORCE = 32;

/** Open descriptors, by number. */
export interface TunDescriptors {
  /** The tun device: a read takes a packet, a write returns one. */
  tun: number;
  /** A raw socket (IP_HDRINCL) with the link's mark. */
  raw: number;
  /** The same for IPv6; -1 where it is not wanted. */
  raw6: number;
}

/**
 * Creates the tun device in this network namespace and opens the raw sockets beside it.
 *
 * @param six Whether there is IPv6 to carry.
 * @throws {LackingError} Where /dev/net/tun is missing or forbidden.
 * @throws {Error} Where a capability is lacking, or another link is there.
 */
export function openTun(libc: Libc, six: boolean): TunDescriptors {
  const tun = libc.open(cstring("/dev/net/tun"), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (tun < 0) throw new LackingError(tunAdvice(errno(libc)));
  // struct ifreq: the name in 16 bytes, then the flags.
  const request = new Uint8Array(40);
  request.set(cstring(tunDevice));
  new DataView(request.buffer).setInt16(16, IFF_TUN | IFF_NO_PI, true);
  if (libc.ioctl(tun, BigInt(TUNSETIFF), request) < 0) throw new Error(deviceAdvice(errno(libc)));
  return { tun, raw: openRaw(libc, AF_INET), raw6: six ? openRaw(libc, AF_INET6) : -1 };
}

function openRaw(libc: Libc, family: number): number {
  const raw = libc.socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
  if (raw < 0) {
    throw new Error(
      `${capability("NET_RAW")}: opening a raw socket failed with errno ${errno(libc)}`,
    );
  }
  const option = new Int32Array(1);
  const bytes = new Uint8Array(option.buffer);
  option[0] = linkMark;
  if (libc.setsockopt(raw, SOL_SOCKET, SO_MARK, bytes, 4) < 0) {
    throw new Error(
      `${capability("NET_ADMIN")}: marking its socket failed with errno ${errno(libc)}`,
    );
  }
  // Best effort: without the capability in the first user namespace the default size stays, and sends are retried.
  option[0] = 8 * 1024 * 1024;
  libc.setsockopt(raw, SOL_SOCKET, SO_SNDBUFFORCE, bytes, 4);
  return raw;
}

/** What to do where the tun device cannot be created, by errno. */
export function deviceAdvice(error: number): string {
  const EBUSY = 16;
  return error === EBUSY
    ? `End the other link first: it holds this namespace's ${tunDevice}`
    : `${capability("NET_ADMIN")}: creating the tun device failed with errno ${error}`;
}

function capability(name: string): string {
  return `Give the link the capability ${name} (a container: --cap-add ${name}, or cap_add in its compose file)`;
}

/** What to do where /dev/net/tun cannot be opened, by errno. */
export function tunAdvice(error: number): string {
  const ENOENT = 2, EACCES = 13, EPERM = 1, ENXIO = 6, ENODEV = 19;
  switch (error) {
    case ENOENT:
    case ENXIO:
    case ENODEV:
      return "Load the tun module (sudo modprobe tun), and pass it to a container (-v /dev/net:/dev/net): there is no /dev/net/tun";
    case EACCES:
    case EPERM:
      return "Allow your user the tun device (sudo chmod 0666 /dev/net/tun), or run as root, in a container with --device-cgroup-rule 'c 10:200 rwm': opening /dev/net/tun is forbidden";
    default:
      return `Make /dev/net/tun usable: opening it failed with errno ${error}`;
  }
}
