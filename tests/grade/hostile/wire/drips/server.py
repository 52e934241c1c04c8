"""lab1's server, which sends a byte a second, without an end."""
import socket
import threading
import time


def drip(connection):
    try:
        while True:
            connection.sendall(b"h")
            time.sleep(1)
    except OSError:
        pass


tcp = socket.create_server(("0.0.0.0", 50000))
while True:
    threading.Thread(target=drip, args=tcp.accept()[:1], daemon=True).start()
