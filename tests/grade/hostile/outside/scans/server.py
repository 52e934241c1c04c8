"""Looks for open ports of its own network's hosts and of others'; ends with status 1 where there are any."""
import selectors
import socket
import sys

own = socket.gethostbyname("server")
network, others = own.rsplit(".", 1)[0], own.rsplit(".", 2)[0]
hosts = [f"{network}.{host}" for host in (1, 3, 4, 5, 254)]
strangers = [f"{others}.{third}.{host}" for third in range(256) for host in (1, 2, 3)
             if f"{others}.{third}" != network]
strangers += [f"172.17.0.{host}" for host in range(1, 20)]
targets = [(host, port) for host in hosts for port in (22, 80, 2375, 2376, 7000, 8080, 12000, 50000)]
targets += [(host, port) for host in strangers for port in (22, 12000)]

open_ports = []
selector = selectors.DefaultSelector()


def settle(seconds):
    for key, _ in selector.select(seconds):
        if key.fileobj.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
            open_ports.append(key.data)
        selector.unregister(key.fileobj)
        key.fileobj.close()


for target in targets:
    tcp = socket.socket()
    tcp.setblocking(False)
    if tcp.connect_ex(target) == 0:
        open_ports.append(target)
    try:
        selector.register(tcp, selectors.EVENT_WRITE, target)
    except OSError:
        tcp.close()
    settle(0)
settle(0.5)
if open_ports:
    sys.exit(f"escaped: it found {open_ports}")

udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("0.0.0.0", 12000))
# Servers like this one, in the networks of others, would answer.
for stranger in strangers:
    try:
        udp.sendto(b"hello", (stranger, 12000))
    except OSError:
        pass
while True:
    data, client = udp.recvfrom(65535)
    if client[0] in strangers:
        sys.exit(f"escaped: {client} answered")
    udp.sendto(data.upper(), client)
