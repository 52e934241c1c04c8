"""Answers when nobody waits any more."""
import socket
import time

udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("0.0.0.0", 12000))
while True:
    data, client = udp.recvfrom(65535)
    time.sleep(30)
    udp.sendto(data.upper(), client)
