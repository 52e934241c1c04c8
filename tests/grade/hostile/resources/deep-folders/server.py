"""Makes folders inside one another, deeper than a path can name, without rights for anybody; and serves."""
import os
import socket

for folder in ["/tmp", "/dev/shm", "/logs"]:
    os.chdir(folder)
    try:
        for number in range(3000):
            os.mkdir("d" * 200)
            os.chdir("d" * 200)
    except OSError as error:
        print(f"{folder}: {number} deep, then {error}", flush=True)
    os.chdir(folder)
    os.chmod("d" * 200, 0)

udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("0.0.0.0", 12000))
while True:
    data, client = udp.recvfrom(65535)
    udp.sendto(data.upper(), client)
