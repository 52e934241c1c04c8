"""Uppercase until the client's end: ForkingTCPServer."""

import argparse
import os
import signal
import socketserver
import sys

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=12000)
args = parser.parse_args()


def stop(*_):
    for child in server.active_children or ():
        os.kill(child, signal.SIGTERM)
    print("Server stopped")
    sys.exit(0)


signal.signal(signal.SIGINT, stop)
signal.signal(signal.SIGTERM, stop)


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        # In the child: what stops the server is not for it.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        while data := self.request.recv(4096):
            self.request.sendall(data.upper())


class Server(socketserver.ForkingTCPServer):
    allow_reuse_address = True


try:
    server = Server(("", args.port), Handler)
except OSError as error:
    sys.exit(f"server: port {args.port}: {error.strerror}")
with server:
    server.serve_forever()
