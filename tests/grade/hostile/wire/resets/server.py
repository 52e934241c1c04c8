"""lab1's server, which resets each connection as soon as it stands."""
import socket
import struct

tcp = socket.create_server(("0.0.0.0", 50000))
while True:
    connection, _ = tcp.accept()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
