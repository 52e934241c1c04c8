"""Forks until nothing more can be forked, and goes on serving among its children."""
import os
import signal
import socket

children = 0
while True:
    try:
        pid = os.fork()
    except OSError as error:
        print(f"{children} children, then: {error}", flush=True)
        break
    if pid == 0:
        while True:
            signal.pause()
    children += 1

udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("0.0.0.0", 12000))
while True:
    data, client = udp.recvfrom(65535)
    udp.sendto(data.upper(), client)
