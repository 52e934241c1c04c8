"""The date client: asks with each line, on a connection of its own, and prints the answer."""

import argparse
import signal
import socket
import sys

parser = argparse.ArgumentParser()
parser.add_argument("--host", default="server")
parser.add_argument("--port", type=int, default=6015)
args = parser.parse_args()


def stop(*_):
    print("Client stopped")
    sys.exit(0)


signal.signal(signal.SIGINT, stop)
signal.signal(signal.SIGTERM, stop)


def connect():
    try:
        return socket.create_connection((args.host, args.port))
    except socket.gaierror:
        sys.exit(f"client: cannot find host {args.host}")
    except OSError as error:
        sys.exit(f"client: {args.host}:{args.port}: {error.strerror}")


def ask(connection, line):
    try:
        connection.sendall(line)
        with connection.makefile("rb") as answers:
            return answers.readline()
    except OSError as error:
        sys.exit(f"client: lost the connection: {error.strerror}")


for line in sys.stdin.buffer:
    with connect() as connection:
        answer = ask(connection, line if line.endswith(b"\n") else line + b"\n")
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    if not answer.endswith(b"\n"):
        sys.exit("client: the server closed the connection before the end of its answer")
