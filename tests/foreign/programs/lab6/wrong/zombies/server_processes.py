"""Wrong: does not wait for its processes when they have ended."""

import argparse
import os
import signal
import socket
import sys

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=12000)
args = parser.parse_args()


def stop(*_):
    for child in children:
        os.kill(child, signal.SIGTERM)
    for child in children:
        os.waitpid(child, 0)
    print("Server stopped")
    os._exit(0)


children = []
signal.signal(signal.SIGINT, stop)
signal.signal(signal.SIGTERM, stop)


def serve(connection):
    while True:
        data = connection.recv(4096)
        if not data:
            return
        connection.sendall(data.upper())


listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    listener.bind(("", args.port))
except OSError as error:
    sys.exit(f"server: port {args.port}: {error.strerror}")
listener.listen()

while True:
    connection, address = listener.accept()
    ours = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, ours)
    child = os.fork()
    if child == 0:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ours)
        listener.close()
        try:
            serve(connection)
        except OSError as error:
            print(f"server: lost {address}: {error}", file=sys.stderr)
        os._exit(0)
    children.append(child)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ours)
    connection.close()
