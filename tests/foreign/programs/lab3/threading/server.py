"""Uppercase datagrams, a thread for each."""

import argparse
import signal
import socket
import sys
import threading

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=12000)
args = parser.parse_args()


def stop(*_):
    print("Server stopped")
    sys.exit(0)


signal.signal(signal.SIGINT, stop)
signal.signal(signal.SIGTERM, stop)


def serve(data, address):
    sock.sendto(data.upper(), address)


sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
try:
    sock.bind(("", args.port))
except OSError as error:
    sys.exit(f"server: port {args.port}: {error.strerror}")

while True:
    pair = sock.recvfrom(65535)
    threading.Thread(target=serve, args=pair, daemon=True).start()
