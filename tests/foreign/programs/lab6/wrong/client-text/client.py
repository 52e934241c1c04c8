"""The uppercase client: sends each line, and prints its answer, over one connection."""

import argparse
import contextlib
import signal
import socket
import sys
import threading

parser = argparse.ArgumentParser()
parser.add_argument("--host", default="server")
parser.add_argument("--port", type=int, default=12000)
args = parser.parse_args()


def stop(*_):
    print("Client stopped")
    sys.exit(0)


signal.signal(signal.SIGINT, stop)
signal.signal(signal.SIGTERM, stop)


def send(line):
    # Whoever receives meanwhile hears of a broken connection, too.
    with contextlib.suppress(OSError):
        connection.sendall(line)


def receive(missing):
    while missing > 0:
        data = connection.recv(min(missing, 65536))
        if not data:
            sys.exit("client: the server closed the connection too early")
        print(data.decode(), end="", flush=True)
        missing -= len(data)


try:
    connection = socket.create_connection((args.host, args.port))
except socket.gaierror:
    sys.exit(f"client: cannot find host {args.host}")
except OSError as error:
    sys.exit(f"client: {args.host}:{args.port}: {error.strerror}")

try:
    for line in sys.stdin:
        line = line.rstrip("\n").encode() + b"\n"
        sender = threading.Thread(target=send, args=(line,), daemon=True)
        sender.start()
        receive(len(line))
        sender.join()
except OSError as error:
    sys.exit(f"client: lost the connection: {error.strerror}")
connection.close()
