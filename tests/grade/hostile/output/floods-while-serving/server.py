"""Serves right, and prints without an end on both streams behind that."""
import os
import socket
import threading


def flood(stream):
    while True:
        os.write(stream, b"all is well\n" * 5000)


udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("0.0.0.0", 12000))
while True:
    data, client = udp.recvfrom(65535)
    for stream in (1, 2):
        for _ in range(600):
            os.write(stream, b"all is well\n" * 5000)
    udp.sendto(data.upper(), client)
