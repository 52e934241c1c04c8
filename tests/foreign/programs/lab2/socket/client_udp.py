"""The timestamp client over UDP: a datagram for each line, sent again where no answer comes."""

import argparse
import signal
import socket
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("--host", default="server")
parser.add_argument("--port", type=int, default=21567)
parser.add_argument("--timeout", type=int, default=1000)
parser.add_argument("--retries", type=int, default=3)
args = parser.parse_args()

STAMP = len("[Sat Nov 21 04:31:00 2026] ")


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


def receive(message):
    """The answer to a message; None where it does not come in time."""
    deadline = time.monotonic() + args.timeout / 1000
    while (left := deadline - time.monotonic()) > 0:
        udp.settimeout(left)
        try:
            answer, sender = udp.recvfrom(65535)
        except TimeoutError:
            return None
        # Others may send, too, and answers to earlier lines may come late.
        if sender == server and answer[STAMP:] == message:
            return answer
    return None


def ask(message):
    for attempt in range(1 + args.retries):
        if attempt > 0:
            print(f"no answer, retry {attempt} of {args.retries}", file=sys.stderr)
        udp.sendto(message, server)
        if answer := receive(message):
            return answer
    print("no answer, gave up", file=sys.stderr)
    return None


try:
    server = (socket.gethostbyname(args.host), args.port)
except socket.gaierror:
    sys.exit(f"client: cannot find host {args.host}")

udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asked = answered = 0
for message in messages():
    asked += 1
    try:
        answer = ask(message)
    except OSError as error:
        sys.exit(f"client: cannot send: {error.strerror}")
    if answer:
        answered += 1
        show(answer + b"\n")
sys.exit(1 if asked > 0 and answered == 0 else 0)
