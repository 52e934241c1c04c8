"""Prints what no document can hold as it is, and answers the same."""
import os
import socket

NASTY = b"\0 \x1b[31mred\x1b]0;title\x07 \xff\xfe\xc3 ]]> --> <b>&amp; \xed\xa0\x80 \xef\xbf\xbf \x7f =1+1 # SKIP ```\r\n"

udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("0.0.0.0", 12000))
while True:
    data, client = udp.recvfrom(65535)
    os.write(1, NASTY)
    os.write(2, NASTY)
    udp.sendto(NASTY, client)
