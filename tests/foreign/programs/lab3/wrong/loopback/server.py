"""Wrong: listens on 127.0.0.1."""

import argparse
import signal
import socket
import sys

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=12000)
args = parser.parse_args()


def stop(*_):
    print("Server stopped")
    sys.exit(0)


signal.signal(signal.SIGINT, stop)
signal.signal(signal.SIGTERM, stop)

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
try:
    sock.bind(("127.0.0.1", args.port))
except OSError as error:
    sys.exit(f"server: port {args.port}: {error.strerror}")

while True:
    data, address = sock.recvfrom(65535)
    sock.sendto(data.upper(), address)
