"""Wrong: sends as if a client always took everything."""

import argparse
import select
import signal
import socket
import sys

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=12000)
args = parser.parse_args()


def stop(*_):
    print("Server stopped")
    sys.exit(0)


signal.signal(signal.SIGINT, stop)
signal.signal(signal.SIGTERM, stop)

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    listener.bind(("", args.port))
except OSError as error:
    sys.exit(f"server: port {args.port}: {error.strerror}")
listener.listen()

unsent = {}  # by connection
while True:
    readers = [connection for connection in unsent if not unsent[connection]]
    writers = [connection for connection in unsent if unsent[connection]]
    readable, writable, _ = select.select([listener, *readers], writers, [])
    for connection in readable + writable:
        if connection is listener:
            connection, _ = listener.accept()
            connection.setblocking(False)
            unsent[connection] = b""
            continue
        try:
            if not unsent[connection]:
                data = connection.recv(65536)
                if not data:
                    raise ConnectionError("end of stream")
                unsent[connection] = data.upper()
            connection.send(unsent[connection])
            unsent[connection] = b""
        except BlockingIOError:
            pass
        except OSError:
            del unsent[connection]
            connection.close()
