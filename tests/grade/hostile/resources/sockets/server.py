"""Opens sockets until there are no more, in every process that it can have; and serves."""
import os
import signal
import socket

udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("0.0.0.0", 12000))
for _ in range(8):
    if os.fork() == 0:
        kept = []
        try:
            while True:
                kept.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
                kept[-1].bind(("0.0.0.0", 0))
        except OSError:
            pass
        while True:
            signal.pause()
while True:
    data, client = udp.recvfrom(65535)
    udp.sendto(data.upper(), client)
