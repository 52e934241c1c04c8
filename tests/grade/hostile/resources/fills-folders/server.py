"""Fills every folder that it may write with bytes and then with files, and serves."""
import os
import socket

FOLDERS = ["/tmp", "/dev/shm", "/logs", "/dev/mqueue", "/submission", "/", "/var/tmp", "/run"]

for folder in FOLDERS:
    try:
        with open(f"{folder}/large", "wb") as file:
            while True:
                file.write(b"x" * (1 << 20))
                file.flush()
    except OSError as error:
        print(f"{folder}: {error}", flush=True)
    try:
        for number in range(1_000_000):
            os.close(os.open(f"{folder}/{number}", os.O_CREAT | os.O_WRONLY))
    except OSError as error:
        print(f"{folder}: {number} files, then {error}", flush=True)

udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("0.0.0.0", 12000))
while True:
    data, client = udp.recvfrom(65535)
    udp.sendto(data.upper(), client)
