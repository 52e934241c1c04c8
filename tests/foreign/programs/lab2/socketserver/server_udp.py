"""Stamped datagrams: UDPServer."""

import argparse
import signal
import socketserver
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


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        data, sock = self.request
        sock.sendto(f"[{time.ctime()}] ".encode() + data, self.client_address)


class Server(socketserver.UDPServer):
    max_packet_size = 65535


try:
    server = Server(("", args.port), Handler)
except OSError as error:
    sys.exit(f"server: port {args.port}: {error.strerror}")
with server:
    server.serve_forever()
