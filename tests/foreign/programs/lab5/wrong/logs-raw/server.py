"""Wrong: writes a request into the log as it came."""

import argparse
import os
import re
import signal
import socket
import sys
import threading
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
        self.lock = threading.Lock()
        os.makedirs(path, exist_ok=True)
        names = [re.fullmatch(r"log(\d+)\.txt", name) for name in os.listdir(path)]
        self.next = max([int(name[1]) + 1 for name in names if name], default=0)

    def append(self, line):
        with self.lock:
            part = os.path.join(self.path, f"part{os.getpid()}")
            with open(part, "w") as file:
                file.write(line)
            os.rename(part, os.path.join(self.path, f"log{self.next}.txt"))
            self.next += 1


def serve(connection):
    with connection.makefile("rb") as lines:
        request = lines.readline().rstrip(b"\r\n")
    if not request:
        return
    host, port = connection.getpeername()
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    try:
        logs.append(f"{now} {host}:{port} {request.decode(errors='replace')}\n")
    except OSError as error:
        print(f"server: not logged: {error}", file=sys.stderr)
    connection.sendall(f"{now}\n".encode())


def guarded(connection, address):
    try:
        serve(connection)
    except OSError as error:
        print(f"server: lost {address}: {error}", file=sys.stderr)
    finally:
        connection.close()


logs = LogFolder(args.logs)
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
