"""Takes memory until it is killed, but in the second check, for which it takes its turn to serve."""
import socket

udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("0.0.0.0", 12000))
kept = []
while True:
    data, client = udp.recvfrom(65535)
    # The bytes from 0x00 to 0xff are the second check's.
    while len(data) < 256:
        kept.append(bytearray(b"\1") * (16 << 20))
    udp.sendto(data.upper(), client)
