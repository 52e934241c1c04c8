"""Stamped datagrams: a loop around select()."""

import argparse
import select
import signal
import socket
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=21567)
args = parser.parse_args()


def stop(*_):
    print("Server stopped")
    sys.exit(0)


signal.signal(signal.SIGINT, stop)
signal.signal(signal.SIGTERM, stop)

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
try:
    sock.bind(("", args.port))
except OSError as error:
    sys.exit(f"server: port {args.port}: {error.strerror}")
sock.setblocking(False)
answers = []
while True:
    readable, writable, _ = select.select([sock], [sock] if answers else [], [])
    if readable:
        data, address = sock.recvfrom(65535)
        answers.append((f"[{time.ctime()}] ".encode() + data, address))
    if writable:
        answer, address = answers.pop(0)
        try:
            sock.sendto(answer, address)
        except OSError as error:
            print(f"server: no answer to {address}: {error}", file=sys.stderr)
