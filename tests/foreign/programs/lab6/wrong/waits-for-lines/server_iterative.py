"""Wrong: answers whole lines only."""

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


def serve(connection):
    with connection.makefile("rb") as lines:
        for line in lines:
            connection.sendall(line.upper())


listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    listener.bind(("", args.port))
except OSError as error:
    sys.exit(f"server: port {args.port}: {error.strerror}")
listener.listen()

while True:
    connection, address = listener.accept()
    try:
        serve(connection)
    except OSError as error:
        print(f"server: lost {address}: {error}", file=sys.stderr)
    finally:
        connection.close()
