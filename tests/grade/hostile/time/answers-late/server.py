"""Answers when nobody waits any more."""
import socket
import time

udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("0.0.0.0", 12000))
while True:
    data, client = udp.recvfrom(65535)
    # Longer than patience stretches where all processors are wanted by many: tenfold.
    time.sleep(600)
    udp.sendto(data.upper(), client)
