"""Runs commands for whoever connects: one connection, one command.

Both sides send frames: a kind (one byte), a length (four, big-endian), a body. To here: 0 what to run (JSON: argv, cwd,
env), 1 its input, 2 the end of its input, 3 a signal's number. From here: 1 its output, 2 its errors, 3 its end (JSON:
code, or signal), 4 why it did not start. Whoever hangs up ends the
command with its process group.
"""

import json
import os
import select
import signal
import socket
import struct
import sys

PORT = 2300
HEAD = struct.Struct(">BI")
PIECE = 65536


class Gone(Exception):
    """The other side has hung up."""


def take(conn, length):
    data = b""
    while len(data) < length:
        piece = conn.recv(length - len(data))
        if not piece:
            raise Gone
        data += piece
    return data


def take_frame(conn):
    kind, length = HEAD.unpack(take(conn, HEAD.size))
    return kind, take(conn, length)


def send(conn, kind, body):
    try:
        conn.sendall(HEAD.pack(kind, len(body)) + body)
    except OSError:
        raise Gone from None


def start(plan, pipes, conn, listener):
    pid = os.fork()
    if pid != 0:
        return pid
    try:
        os.setsid()
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        for fd, pipe in enumerate((pipes[0][0], pipes[1][1], pipes[2][1])):
            os.dup2(pipe, fd)
        conn.close()
        listener.close()
        os.closerange(3, 64)
        os.chdir(plan.get("cwd") or "/")
        os.execvpe(plan["argv"][0], plan["argv"], {**os.environ, **plan.get("env", {})})
    except OSError as fault:
        os.write(2, f"{plan['argv'][0]}: {fault.strerror}\n".encode())
    os._exit(127)


def handle(conn, listener):
    kind, body = take_frame(conn)
    if kind != 0:
        raise Gone
    plan = json.loads(body)
    pipes = [os.pipe() for _ in range(3)]
    pid = start(plan, pipes, conn, listener)
    os.close(pipes[0][0])
    os.close(pipes[1][1])
    os.close(pipes[2][1])
    try:
        follow(conn, pid, pipes[0][1], {pipes[1][0]: 1, pipes[2][0]: 2})
    except (Gone, OSError):
        try:
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def follow(conn, pid, stdin, outputs):
    os.set_blocking(stdin, False)
    ended = os.pidfd_open(pid)
    pending = b""
    closing = False
    while True:
        readers = [ended, *outputs]
        if len(pending) < PIECE:
            readers.append(conn)
        writers = [stdin] if stdin is not None and pending else []
        readable, writable, _ = select.select(readers, writers, [])
        if conn in readable:
            kind, body = take_frame(conn)
            if kind == 1 and stdin is not None:
                pending += body
            elif kind == 2:
                closing = True
            elif kind == 3:
                try:
                    os.killpg(pid, int(body))
                except ProcessLookupError:
                    pass
        if writable:
            try:
                pending = pending[os.write(stdin, pending):]
            except BlockingIOError:
                pass
            except BrokenPipeError:
                os.close(stdin)
                stdin, pending = None, b""
        if closing and not pending and stdin is not None:
            os.close(stdin)
            stdin = None
        pass_on(conn, outputs, [fd for fd in outputs if fd in readable])
        if ended in readable:
            break
    # What it has written before its end; what it left running may hold its output open for ever.
    while outputs:
        readable, _, _ = select.select(list(outputs), [], [], 0)
        if not readable:
            break
        pass_on(conn, outputs, readable)
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    send(conn, 3, json.dumps({"code": code} if code >= 0 else {"signal": -code}).encode())


def pass_on(conn, outputs, readable):
    for fd in readable:
        piece = os.read(fd, PIECE)
        if piece:
            send(conn, outputs[fd], piece)
        else:
            os.close(fd)
            del outputs[fd]


def main():
    os.environ.update(HOME="/root", PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", LANG="C.UTF-8")
    listener = socket.create_server(("0.0.0.0", PORT), backlog=64)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with open("/dev/console", "w") as console:
        console.write("\nrig: ready\n")
    while True:
        conn, _ = listener.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                handle(conn, listener)
            except (Gone, OSError):
                pass
            os._exit(0)
        conn.close()


sys.exit(main())
