"""lab1's server, which sends as fast as it can, without an end."""
import socket
import threading


def pour(connection):
    try:
        while True:
            connection.sendall(b"." * 50_000)
    except OSError:
        pass


tcp = socket.create_server(("0.0.0.0", 50000))
while True:
    threading.Thread(target=pour, args=tcp.accept()[:1], daemon=True).start()
