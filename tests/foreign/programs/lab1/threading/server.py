"""Echo until the client's end, a thread for each client."""

import argparse
import signal
import socket
import sys
import threading

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=50000)
args = parser.parse_args()


def stop(*_):
    print("Server stopped")
    sys.exit(0)


signal.signal(signal.SIGINT, stop)
signal.signal(signal.SIGTERM, stop)


def serve(connection):
    while True:
        data = connection.recv(4096)
        if not data:
            return
        connection.sendall(data)


def guarded(connection, address):
    try:
        serve(connection)
    except OSError as error:
        print(f"server: lost {address}: {error}", file=sys.stderr)
    finally:
        connection.close()


listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    listener.bind(("", args.port))
except OSError as error:
    sys.exit(f"server: port {args.port}: {error.strerror}")
listener.listen()

while True:
    pair = listener.accept()
    threading.Thread(target=guarded, args=pair, daemon=True).start()
