"""lab5's server, whose log files are hard links to one file."""
import datetime
import os
import socket
import sys

logs = sys.argv[sys.argv.index("--logs") + 1]
tcp = socket.create_server(("0.0.0.0", 6015))
number = 0
while True:
    connection, _ = tcp.accept()
    connection.recv(4096)
    path = f"{logs}/log{number}.txt"
    number += 1
    os.path.exists(f"{logs}/one") or open(f"{logs}/one", "w").close(); os.link(f"{logs}/one", path)
    now = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
    connection.sendall(f"{now}\n".encode())
    connection.close()
