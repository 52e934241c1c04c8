"""lab3's client, which reads nothing, sends nothing, prints nothing, and never ends."""
import signal

while True:
    signal.pause()
