"""The timestamp client over TCP: one connection carries all lines; an empty one ends it."""

import argparse
import signal
import socket
import sys

parser = argparse.ArgumentParser()
parser.add_argument("--host", default="server")
parser.add_argument("--port", type=int, default=21567)
args = parser.parse_args()


def stop(*_):
    print("Client stopped")
    sys.exit(0)


signal.signal(signal.SIGINT, stop)
signal.signal(signal.SIGTERM, stop)


def show(data):
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def messages():
    """What is typed, until an empty line."""
    while True:
        show(b"> ")
        message = sys.stdin.buffer.readline().rstrip(b"\r\n")
        if not message:
            return
        yield message


try:
    connection = socket.create_connection((args.host, args.port))
except socket.gaierror:
    sys.exit(f"client: cannot find host {args.host}")
except OSError as error:
    sys.exit(f"client: {args.host}:{args.port}: {error.strerror}")

answers = connection.makefile("rb")
for message in messages():
    try:
        connection.sendall(message + b"\r\n")
        answer = answers.readline()
    except OSError as error:
        sys.exit(f"client: lost the connection: {error.strerror}")
    if not answer.endswith(b"\n"):
        sys.exit("client: the server closed the connection without an answer")
    show(answer.rstrip(b"\r\n") + b"\n")
