"""The UDP uppercase client: a datagram for each line or, with --count, a pinger."""

import argparse
import signal
import socket
import statistics
import string
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("--host", default="server")
parser.add_argument("--port", type=int, default=12000)
parser.add_argument("--timeout", type=int, default=1000)
parser.add_argument("--retries", type=int, default=3)
parser.add_argument("--count", type=int)
parser.add_argument("--interval", type=int, default=1000)
parser.add_argument("--size", type=int, default=32)
args = parser.parse_args()


def receive(until):
    """The next datagram from the server; None where none comes until then."""
    while (left := until - time.monotonic()) > 0:
        udp.settimeout(left)
        try:
            data, sender = udp.recvfrom(65535)
        except TimeoutError:
            return None
        if sender == server:
            return data
    return None


# The keyboard mode


def keyboard():
    asked = answered = 0
    for line in sys.stdin.buffer:
        asked += 1
        answer = ask(line.removesuffix(b"\n"))
        if answer is not None:
            answered += 1
            sys.stdout.buffer.write(answer + b"\n")
            sys.stdout.buffer.flush()
    sys.exit(1 if asked > 0 and answered == 0 else 0)


def ask(line):
    for attempt in range(1 + args.retries):
        if attempt > 0:
            print(f"no answer, retry {attempt} of {args.retries}", file=sys.stderr)
        udp.sendto(line, server)
        until = time.monotonic() + args.timeout / 1000
        answer = receive(until)
        if answer is not None:
            return answer
    print("no answer, gave up", file=sys.stderr)
    return None


# The pinger


class Pinger:
    def __init__(self):
        self.sent = []  # When each request was sent.
        self.waiting = set()
        self.late = set()
        self.rtts = []
        self.duplicates = 0

    def run(self):
        start = time.monotonic()
        while len(self.sent) < args.count or self.waiting:
            times = [self.sent[n - 1] + args.timeout / 1000 for n in self.waiting]
            if len(self.sent) < args.count:
                times.append(start + len(self.sent) * args.interval / 1000)
            answer = receive(min(times))
            if answer is not None:
                self.take(answer)
                continue
            self.expire()
            if len(self.sent) < args.count and time.monotonic() >= times[-1]:
                self.send()

    def send(self):
        number = len(self.sent) + 1
        self.sent.append(time.monotonic())
        self.waiting.add(number)
        udp.sendto(datagram(number), server)

    def expire(self):
        now = time.monotonic()
        for number in sorted(self.waiting):
            if now >= self.sent[number - 1] + args.timeout / 1000:
                print(f"request {number} timed out")
                self.waiting.remove(number)
                self.late.add(number)

    def take(self, answer):
        words = answer.split()
        number = int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
        if not 1 <= number <= len(self.sent) or answer != datagram(number).upper():
            print("ignored a datagram that answers no request")
            return
        rtt = 1000 * (time.monotonic() - self.sent[number - 1])
        if number in self.waiting:
            self.waiting.remove(number)
            self.rtts.append(rtt)
            print(f"answer {number}: {rtt:.2f} ms")
        elif number in self.late:
            self.late.remove(number)
            print(f"answer {number}: {rtt:.2f} ms, late")
        else:
            self.duplicates += 1
            print(f"answer {number}: {rtt:.2f} ms, duplicate")

    def statistics(self):
        sent, received = len(self.sent), len(self.rtts)
        lost = 100 * (sent - received) / max(sent, 1)
        doubled = f"+{self.duplicates} duplicates, " if self.duplicates else ""
        print(f"\n--- {args.host} ping statistics ---")
        print(
            f"{sent} packets transmitted, {received} received, {doubled}"
            f"{lost:g}% packet loss"
        )
        if received > 0:
            figures = (
                min(self.rtts),
                statistics.mean(self.rtts),
                max(self.rtts),
                statistics.pstdev(self.rtts),
            )
            text = "/".join(f"{figure:.3f}" for figure in figures)
            print(f"rtt min/avg/max/mdev = {text} ms")


def datagram(number):
    filler = string.ascii_lowercase * (1 + args.size // 26)
    return f"ping {number} {filler}".encode()[: args.size]


pinger = Pinger()


def stop(*_):
    if args.count is None:
        print("Client stopped")
    else:
        pinger.statistics()
    sys.exit(0)


signal.signal(signal.SIGINT, stop)
signal.signal(signal.SIGTERM, stop)

try:
    server = (socket.gethostbyname(args.host), args.port)
except socket.gaierror:
    sys.exit(f"client: cannot find host {args.host}")

udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
try:
    if args.count is None:
        keyboard()
    pinger.run()
except OSError as error:
    sys.exit(f"client: cannot send: {error.strerror}")
pinger.statistics()
sys.exit(0 if pinger.rtts else 1)
