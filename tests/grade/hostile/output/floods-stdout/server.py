"""Prints 10 GB before it serves."""
import os

block = b"x" * 79 + b"\n"
for _ in range(10 * 10**9 // (len(block) * 1000)):
    os.write(1, block * 1000)
