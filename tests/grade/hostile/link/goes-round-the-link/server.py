"""Sends its answers through eth0 itself, past the device by which the link decides."""
import socket

udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("0.0.0.0", 12000))
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
out.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
try:
    udp.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"")
    out.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0")
    print("bound to eth0", flush=True)
except OSError as error:
    print(f"not bound: {error}", flush=True)
while True:
    data, client = udp.recvfrom(65535)
    ancillary = [(socket.IPPROTO_IP, 8, __import__("struct").pack("=iII", socket.if_nametoindex("eth0"), 0, 0))]
    udp.sendmsg([data.upper()], ancillary, 0, client)
