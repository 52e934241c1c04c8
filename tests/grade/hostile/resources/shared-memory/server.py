"""Leaves shared memory and queues of System V behind, which outlive their processes; serves where there were none."""
import ctypes
import os
import socket
import sys

libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
PRIVATE, CREATE, SIZE = 0, 0o1777, 32 << 20

with open("/proc/sysvipc/shm") as table:
    left = len(table.readlines()) - 1
if left:
    sys.exit(f"{left} segments of the check before are still there")

for _ in range(16):
    segment = libc.shmget(PRIVATE, SIZE, CREATE)
    address = libc.shmat(segment, None, 0)
    if segment >= 0 and address not in (None, ctypes.c_void_p(-1).value):
        ctypes.memset(address, 1, SIZE)
for _ in range(1000):
    libc.msgget(PRIVATE, CREATE)
    libc.semget(PRIVATE, 100, CREATE)
if os.fork() == 0:
    os._exit(0)

udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("0.0.0.0", 12000))
while True:
    data, client = udp.recvfrom(65535)
    udp.sendto(data.upper(), client)
