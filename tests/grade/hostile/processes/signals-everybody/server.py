"""Sends every signal to every process but itself; ends with status 1 where one of another user could be reached."""
import os
import signal
import socket
import sys

own = {os.getpid()}
reached = []
for number in [signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL]:
    for target in [1, os.getppid(), *range(2, 500)]:
        if target in own:
            continue
        try:
            os.kill(target, number)
            reached.append(target)
        except OSError:
            pass
    try:
        os.kill(-1, number)
    except OSError:
        pass
if reached:
    sys.exit(f"escaped: it signalled {reached}")

udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("0.0.0.0", 12000))
while True:
    data, client = udp.recvfrom(65535)
    udp.sendto(data.upper(), client)
