"""Wrong: forgets what send() did not take."""

import argparse
import selectors
import signal
import socket
import sys

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=50000)
args = parser.parse_args()


def stop(*_):
    print("Server stopped")
    sys.exit(0)


signal.signal(signal.SIGINT, stop)
signal.signal(signal.SIGTERM, stop)


def close(connection):
    selector.unregister(connection)
    del unsent[connection]
    connection.close()


def ready(connection):
    try:
        if not unsent[connection]:
            data = connection.recv(65536)
            if not data:
                close(connection)
                return
            unsent[connection] = data
        connection.send(unsent[connection])
        unsent[connection] = b""
    except BlockingIOError:
        pass
    except OSError:
        close(connection)
        return
    # While there is something to send, nothing more is read.
    wanted = selectors.EVENT_WRITE if unsent[connection] else selectors.EVENT_READ
    selector.modify(connection, wanted)


listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    listener.bind(("", args.port))
except OSError as error:
    sys.exit(f"server: port {args.port}: {error.strerror}")
listener.listen()
listener.setblocking(False)
unsent = {}
selector = selectors.DefaultSelector()
selector.register(listener, selectors.EVENT_READ)
while True:
    for key, _ in selector.select():
        if key.fileobj is not listener:
            ready(key.fileobj)
            continue
        connection, _ = listener.accept()
        connection.setblocking(False)
        unsent[connection] = b""
        selector.register(connection, selectors.EVENT_READ)
