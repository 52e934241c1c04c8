"""Wrong: begins at log0.txt after each start."""

import argparse
import os
import selectors
import signal
import socket
import sys
from datetime import datetime

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=6015)
parser.add_argument("--logs", default="logs")
args = parser.parse_args()


def stop(*_):
    print("Server stopped")
    sys.exit(0)


signal.signal(signal.SIGINT, stop)
signal.signal(signal.SIGTERM, stop)


class LogFolder:
    def __init__(self, path):
        self.path = path
        os.makedirs(path, exist_ok=True)
        self.next = 0

    def append(self, line):
        part = os.path.join(self.path, f"part{os.getpid()}")
        with open(part, "w") as file:
            file.write(line)
        os.rename(part, os.path.join(self.path, f"log{self.next}.txt"))
        self.next += 1


class Client:
    def __init__(self):
        self.read = b""
        self.unsent = b""
        self.ended = False


def close(connection):
    selector.unregister(connection)
    connection.close()


def logged(request, connection):
    host, port = connection.getpeername()
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    try:
        logs.append(f"{now} {host}:{port} {request!r}\n")
    except OSError as error:
        print(f"server: not logged: {error}", file=sys.stderr)
    return f"{now}\n".encode()


def ready(connection, client):
    try:
        if not client.unsent:
            data = connection.recv(65536)
            client.ended = not data
            *lines, client.read = (client.read + data).split(b"\n")
            if lines:
                client.unsent = logged(lines[0], connection)
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


logs = LogFolder(args.logs)
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
