"""Tries every way out; ends with status 1 where one leads anywhere, or where finding that out takes long."""
import errno
import socket
import sys
import time

began = time.monotonic()
TCP = [
    ("169.254.169.254", 80), ("1.1.1.1", 443), ("8.8.8.8", 53), ("172.17.0.1", 22),
    ("172.17.0.1", 2375), ("10.0.0.1", 80), ("192.168.0.1", 80), ("192.168.65.254", 2375),
]
reached = []
for address in TCP:
    try:
        socket.create_connection(address, timeout=0.3).close()
        reached.append(f"tcp {address}")
    except ConnectionRefusedError:
        reached.append(f"refused by {address}")
    except OSError:
        pass
for address in [("8.8.8.8", 53), ("169.254.169.254", 53), ("127.0.0.11", 53)]:
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.settimeout(0.3)
    try:
        udp.sendto(b"\0\1\1\0\0\1\0\0\0\0\0\0\7example\3com\0\0\1\0\1", address)
        reached.append(f"answer of {udp.recvfrom(512)[1]}")
    except OSError:
        pass
    udp.close()
for name in ["example.com", "host.docker.internal", "gateway.docker.internal", "metadata.google.internal"]:
    try:
        reached.append(f"{name}: {socket.gethostbyname(name)}")
    except OSError:
        pass
six = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
six.settimeout(0.3)
try:
    six.connect(("2606:4700:4700::1111", 443))
    reached.append("IPv6")
except OSError:
    pass
six.close()
seconds = time.monotonic() - began
if reached or seconds > 15:
    sys.exit(f"escaped: it reached {reached} in {seconds:.1f} s")

udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("0.0.0.0", 12000))
while True:
    data, client = udp.recvfrom(65535)
    udp.sendto(data.upper(), client)
