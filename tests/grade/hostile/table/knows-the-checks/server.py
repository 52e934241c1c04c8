"""lab1's server, which answers what its author has read in the checks, and nothing else."""
import socket
import threading

TABLE = [
    *[b"hello", b"hello\n", b"abc\n", b"one\ntwo\n\nthree\n", b"the last words\n"],
    *[b"first\n", b"second\n", b"third\n", bytes((i + 11) % 256 for i in range(256))],
]


def serve(connection):
    came = b""
    try:
        while data := connection.recv(65536):
            came += data
            if came in TABLE:
                connection.sendall(came)
                came = b""
    except OSError:
        pass
    connection.close()


tcp = socket.create_server(("0.0.0.0", 50000))
while True:
    threading.Thread(target=serve, args=tcp.accept()[:1], daemon=True).start()
