"""lab5's server, which fills its folder: a log without an end, and files as many as there may be."""
import datetime
import os
import socket
import sys

logs = sys.argv[sys.argv.index("--logs") + 1]
tcp = socket.create_server(("0.0.0.0", 6015))
while True:
    connection, _ = tcp.accept()
    connection.recv(4096)
    try:
        for number in range(1, 100_000):
            os.close(os.open(f"{logs}/log{number}.txt", os.O_CREAT | os.O_WRONLY))
    except OSError as error:
        print(f"{number} files, then {error}", flush=True)
    try:
        with open(f"{logs}/log0.txt", "wb") as file:
            while True:
                file.write(b"x" * (1 << 20))
                file.flush()
    except OSError as error:
        print(error, flush=True)
    now = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
    connection.sendall(f"{now}\n".encode())
    connection.close()
