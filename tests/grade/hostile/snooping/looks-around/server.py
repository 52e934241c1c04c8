"""Reads whatever might tell of others; ends with status 1 where it finds anything."""
import ctypes
import os
import socket
import sys

libc = ctypes.CDLL(None, use_errno=True)
found = []


def reads(path):
    try:
        with open(path, "rb") as file:
            return bool(file.read(1))
    except OSError:
        return False


def listed(path):
    try:
        return os.listdir(path)
    except OSError:
        return []


own = str(os.getpid())
for pid in [name for name in listed("/proc") if name.isdigit() and name != own]:
    for name in ["environ", "mem", "maps", "io", "auxv", "stack", "syscall"]:
        if reads(f"/proc/{pid}/{name}"):
            found.append(f"/proc/{pid}/{name}")
    for name in ["fd", "root", "cwd", "map_files", "task/" + pid + "/fd"]:
        if listed(f"/proc/{pid}/{name}"):
            found.append(f"/proc/{pid}/{name}")
    # PTRACE_ATTACH, process_vm_readv, pidfd_getfd
    if libc.ptrace(16, int(pid), None, None) == 0:
        found.append(f"ptrace {pid}")

SECRETS = [
    "/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", "/etc/shadow",
    "/root", "/home", "/work", "/socklab/labs", "/opt/socklab/labs", "/proc/kcore", "/dev/mem",
    "/dev/kmsg", "/proc/kmsg", "/proc/sysrq-trigger", "/dev/vda", "/dev/sda", "/sys/kernel/debug",
    "/sys/kernel/security", "/sys/firmware/acpi", "/var/lib/docker", "/github", "/etc/hostname.host",
]
found += [path for path in SECRETS if reads(path) or listed(path)]

for folder, folders, files in os.walk("/"):
    folders[:] = [name for name in folders if os.path.join(folder, name) not in ("/proc", "/sys")]
    found += [os.path.join(folder, name) for name in files if name in ("checks.ts", "hostile.json")]

WRITABLE = ["/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/1/oom_score_adj"]
for folder, _, files in os.walk("/sys/fs/cgroup"):
    WRITABLE += [os.path.join(folder, name) for name in files]
for path in WRITABLE:
    if os.access(path, os.W_OK):
        found.append(f"write {path}")

for name, value in os.environ.items():
    if "SOCKLAB" in name or "GITHUB" in name or "TOKEN" in name or "seed" in value:
        found.append(f"{name}={value}")
if found:
    sys.exit("escaped: it found " + ", ".join(found))

udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("0.0.0.0", 12000))
while True:
    data, client = udp.recvfrom(65535)
    udp.sendto(data.upper(), client)
