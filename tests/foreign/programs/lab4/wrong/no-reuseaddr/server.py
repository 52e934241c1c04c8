"""Wrong: leaves out SO_REUSEADDR."""

import argparse
import signal
import socketserver
import sys
from datetime import datetime

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=6015)
args = parser.parse_args()


def stop(*_):
    print("Server stopped")
    sys.exit(0)


signal.signal(signal.SIGINT, stop)
signal.signal(signal.SIGTERM, stop)


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        if self.rfile.readline():
            now = datetime.now().astimezone()
            self.wfile.write(f"{now:%a, %d %b %Y %H:%M:%S %z}\n".encode())


class Server(socketserver.TCPServer):
    pass


try:
    server = Server(("", args.port), Handler)
except OSError as error:
    sys.exit(f"server: port {args.port}: {error.strerror}")
with server:
    server.serve_forever()
