"""Takes each port of its host that connections get, leaves it in TIME-WAIT, and is a right client besides."""
import os
import socket
import sys
import threading

host = sys.argv[sys.argv.index("--host") + 1]
port = int(sys.argv[sys.argv.index("--port") + 1])
# Its own are none of those.
server = socket.create_connection((host, port), source_address=("", 20001))

listener = socket.create_server(("127.0.0.1", 20000), backlog=64)
with open("/proc/sys/net/ipv4/ip_local_port_range") as file:
    first, last = map(int, file.read().split())
for own in range(first, last + 1):
    with socket.socket() as one:
        try:
            one.bind(("0.0.0.0", own))
            one.connect(listener.getsockname())
        except OSError:
            continue
        other, _ = listener.accept()
    other.close()


def show():
    while data := server.recv(65536):
        os.write(1, data)


threading.Thread(target=show).start()
while data := os.read(0, 65536):
    server.sendall(data)
server.shutdown(socket.SHUT_WR)
