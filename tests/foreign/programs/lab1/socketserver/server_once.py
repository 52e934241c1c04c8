"""Echo, one read a connection: a request handler."""

import argparse
import signal
import socketserver
import sys

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=50000)
args = parser.parse_args()


def stop(*_):
    print("Server stopped")
    sys.exit(0)


signal.signal(signal.SIGINT, stop)
signal.signal(signal.SIGTERM, stop)


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(self.request.recv(4096))


class Server(socketserver.TCPServer):
    allow_reuse_address = True


try:
    server = Server(("", args.port), Handler)
except OSError as error:
    sys.exit(f"server: port {args.port}: {error.strerror}")
with server:
    server.serve_forever()
