"""Changes every clock that it can name; ends with status 1 where one lets it."""
import ctypes
import socket
import sys
import time

libc = ctypes.CDLL(None, use_errno=True)
changed = []

for clock in range(12):
    try:
        time.clock_settime(clock, 0)
        changed.append(f"clock {clock}")
    except (OSError, OverflowError):
        pass

timeval = (ctypes.c_long * 2)(0, 0)
if libc.settimeofday(timeval, None) == 0:
    changed.append("settimeofday")
# struct timex: ADJ_SETOFFSET | ADJ_NANO, ADJ_TICK, ADJ_FREQUENCY
for modes in [0x2100, 0x4000, 0x0002]:
    timex = (ctypes.c_long * 32)(modes, 0, 1000)
    if libc.adjtimex(timex) >= 0:
        changed.append(f"adjtimex {modes:#x}")
for path in ["/proc/self/timens_offsets", "/dev/rtc0", "/sys/class/rtc/rtc0/since_epoch"]:
    try:
        with open(path, "w") as file:
            file.write("monotonic 86400 0\nboottime 86400 0\n")
            file.flush()
        changed.append(path)
    except OSError:
        pass
if changed:
    sys.exit("escaped: it changed " + ", ".join(changed))

udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("0.0.0.0", 12000))
while True:
    data, client = udp.recvfrom(65535)
    udp.sendto(data.upper(), client)
