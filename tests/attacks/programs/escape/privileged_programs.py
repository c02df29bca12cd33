"""Runs programs that run as somebody else."""

import os
import subprocess

for program in ("su", "sudo", "mount", "passwd", "newuidmap", "unshare", "bwrap", "chsh", "pkexec"):
    for folder in ("/bin", "/usr/bin", "/usr/sbin"):
        path = f"{folder}/{program}"
        if os.path.exists(path):
            arguments = {"unshare": ["-Ur", "id", "-u"], "bwrap": ["--ro-bind", "/", "/", "id", "-u"]}.get(
                program, ["-c", "id -u"]
            )
            try:
                done = subprocess.run([path, *arguments], capture_output=True, stdin=subprocess.DEVNULL, timeout=1)
            except (OSError, subprocess.TimeoutExpired):
                continue
            if done.stdout.strip() == b"0":
                breach(f"{path} made it root")
