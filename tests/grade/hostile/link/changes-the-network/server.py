"""Tries to change or to watch its network; ends with status 1 where that works."""
import ctypes
import fcntl
import os
import socket
import struct
import sys

libc = ctypes.CDLL(None, use_errno=True)
done = []


def tries(what, act):
    try:
        act()
        done.append(what)
    except (OSError, AttributeError):
        pass


def netlink(kind, body):
    """Sends a request of rtnetlink; raises what the kernel answers."""
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    sock.send(struct.pack("=IHHII", 16 + len(body), kind, 0x0005 | 0x0400, 1, 0) + body)
    error = struct.unpack_from("=i", sock.recv(4096), 16)[0]
    if error:
        raise OSError(-error, os.strerror(-error))


link0, eth0 = (socket.if_nametoindex(name) for name in ("link0", "eth0"))
for index in (link0, eth0):
    tries(f"qdisc of {index} removed", lambda: netlink(37, struct.pack("=BxxxiIII", 0, index, 0, 0xFFFFFFFF, 0)))
    tries(f"{index} shut", lambda: netlink(16, struct.pack("=BxHiII", 0, 0, index, 0, 1)))
tries("a route", lambda: netlink(24, struct.pack("=BBBBBBBBI", 2, 0, 0, 0, 254, 3, 0, 1, 0) + struct.pack("=HHI", 8, 4, eth0)))
tries("a rule", lambda: netlink(32, struct.pack("=BBBBBBBBI", 2, 0, 0, 0, 254, 0, 0, 1, 0)))
tries("a neighbour", lambda: netlink(28, struct.pack("=BxHiHBB", 2, 0, eth0, 0x80, 0, 1) + struct.pack("=HH4s", 8, 1, bytes(4))))
for family, kind, protocol in [
    (socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW),
    (socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP),
    (socket.AF_PACKET, socket.SOCK_RAW, 0x0300),
    (socket.AF_PACKET, socket.SOCK_DGRAM, 0x0300),
    (socket.AF_NETLINK, socket.SOCK_RAW, 12),
]:
    if (family, kind) == (socket.AF_NETLINK, socket.SOCK_RAW):
        continue
    tries(f"socket {family} {kind}", lambda: socket.socket(family, kind, protocol))
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
tries("SO_MARK", lambda: udp.setsockopt(socket.SOL_SOCKET, 36, 1))
tries("IP_TRANSPARENT", lambda: udp.setsockopt(socket.SOL_IP, 19, 1))
tries("SIOCSIFFLAGS", lambda: fcntl.ioctl(udp, 0x8914, struct.pack("16sH14x", b"eth0", 0)))
tries("SIOCSIFADDR", lambda: fcntl.ioctl(udp, 0x8916, struct.pack("16sHxx4s8x", b"eth0", 2, bytes([10, 0, 0, 1]))))
tries("/dev/net/tun", lambda: os.open("/dev/net/tun", os.O_RDWR))
for name in os.listdir("/proc/sys/net/ipv4"):
    tries(f"write {name}", lambda: os.close(os.open(f"/proc/sys/net/ipv4/{name}", os.O_WRONLY)))
for flag, name in [(0x10000000, "user"), (0x40000000, "network"), (0x20000000, "pid"), (0x00020000, "mount")]:
    if libc.unshare(flag) == 0:
        done.append(f"a {name} namespace")
if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0:
    done.append("a mount")
if libc.setuid(0) == 0:
    done.append("root")
if done:
    sys.exit("escaped: " + ", ".join(done))

udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("0.0.0.0", 12000))
while True:
    data, client = udp.recvfrom(65535)
    udp.sendto(data.upper(), client)
