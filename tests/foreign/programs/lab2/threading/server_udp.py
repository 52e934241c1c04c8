"""Stamped datagrams, a thread for each."""

import argparse
import signal
import socket
import sys
import threading
import time

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=21567)
args = parser.parse_args()


def stop(*_):
    print("Server stopped")
    sys.exit(0)


signal.signal(signal.SIGINT, stop)
signal.signal(signal.SIGTERM, stop)


def stamp():
    return f"[{time.ctime()}] ".encode()


def serve(data, address):
    try:
        sock.sendto(stamp() + data, address)
    except OSError as error:
        print(f"server: no answer to {address}: {error}", file=sys.stderr)


sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
try:
    sock.bind(("", args.port))
except OSError as error:
    sys.exit(f"server: port {args.port}: {error.strerror}")

while True:
    pair = sock.recvfrom(65535)
    threading.Thread(target=serve, args=pair, daemon=True).start()
