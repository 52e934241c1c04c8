"""One stamped line a connection: a loop over a selector."""

import argparse
import selectors
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


def stamp():
    return f"[{time.ctime()}] ".encode()


class Client:
    def __init__(self):
        self.read = b""
        self.unsent = b""
        self.ended = False


def close(connection):
    selector.unregister(connection)
    connection.close()


def ready(connection, client):
    try:
        if not client.unsent:
            data = connection.recv(65536)
            client.ended = not data
            *lines, client.read = (client.read + data).split(b"\n")
            if lines:
                client.unsent = stamp() + lines[0] + b"\n"
                client.ended = True
        sent = connection.send(client.unsent)
        client.unsent = client.unsent[sent:]
    except BlockingIOError:
        pass
    except OSError:
        close(connection)
        return
    if client.ended and not client.unsent:
        close(connection)
        return
    wanted = selectors.EVENT_WRITE if client.unsent else selectors.EVENT_READ
    selector.modify(connection, wanted, client)


listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    listener.bind(("", args.port))
except OSError as error:
    sys.exit(f"server: port {args.port}: {error.strerror}")
listener.listen()
listener.setblocking(False)
selector = selectors.DefaultSelector()
selector.register(listener, selectors.EVENT_READ)
while True:
    for key, _ in selector.select():
        if key.fileobj is not listener:
            ready(key.fileobj, key.data)
            continue
        connection, _ = listener.accept()
        connection.setblocking(False)
        selector.register(connection, selectors.EVENT_READ, Client())
