"""Ends at once, and leaves a child behind that holds its streams open and prints."""
import os
import time

if os.fork() == 0:
    os.setsid()
    while True:
        print("still there", flush=True)
        time.sleep(0.1)
