"""Echo, one read a connection: a loop around select()."""

import argparse
import select
import signal
import socket
import sys

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=50000)
args = parser.parse_args()


def stop(*_):
    print("Server stopped")
    sys.exit(0)


signal.signal(signal.SIGINT, stop)
signal.signal(signal.SIGTERM, stop)

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    listener.bind(("", args.port))
except OSError as error:
    sys.exit(f"server: port {args.port}: {error.strerror}")
listener.listen()

connections = []
while True:
    readable, _, _ = select.select([listener, *connections], [], [])
    for connection in readable:
        if connection is listener:
            connections.append(listener.accept()[0])
            continue
        connections.remove(connection)
        try:
            connection.sendall(connection.recv(4096))
        except OSError as error:
            print(f"server: lost a client: {error}", file=sys.stderr)
        connection.close()
