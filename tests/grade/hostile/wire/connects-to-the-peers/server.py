"""lab1's server, which opens connections to its clients' hosts without an end, and floods them with datagrams."""
import socket
import threading

network = socket.gethostbyname("server").rsplit(".", 1)[0]


def connect():
    while True:
        for host in (3, 4, 5):
            for port in range(32768, 61000, 7):
                tcp = socket.socket()
                tcp.setblocking(False)
                tcp.connect_ex((f"{network}.{host}", port))
                tcp.close()


def flood():
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    while True:
        for host in (3, 4, 5):
            try:
                udp.sendto(b"x" * 60_000, (f"{network}.{host}", 40000))
            except OSError:
                pass


for work in (connect, flood):
    threading.Thread(target=work, daemon=True).start()
tcp = socket.create_server(("0.0.0.0", 50000))
while True:
    connection, _ = tcp.accept()
    connection.recv(1)
    connection.close()
