"""Wrong: takes the number of files for the next number."""

import argparse
import os
import signal
import socketserver
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
        self.next = len(os.listdir(path))

    def append(self, line):
        with self.lock:
            part = os.path.join(self.path, f"part{os.getpid()}")
            with open(part, "w") as file:
                file.write(line)
            os.rename(part, os.path.join(self.path, f"log{self.next}.txt"))
            self.next += 1


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        request = self.rfile.readline().strip()
        if not request:
            return
        host, port = self.client_address
        now = f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S %z}"
        try:
            logs.append(f"{now} {host} {port} {request!r}\n")
        except OSError as error:
            print(f"server: not logged: {error}", file=sys.stderr)
        self.wfile.write(f"{now}\n".encode())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


logs = LogFolder(args.logs)
try:
    server = Server(("", args.port), Handler)
except OSError as error:
    sys.exit(f"server: port {args.port}: {error.strerror}")
with server:
    server.serve_forever()
