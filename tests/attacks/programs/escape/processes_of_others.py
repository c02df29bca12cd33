"""Looks for the judge among the processes, and for what they were started with."""

import os

for name in os.listdir("/proc"):
    if name.isdecimal():
        for part in ("cmdline", "environ"):
            try:
                with open(f"/proc/{name}/{part}", "rb") as file:
                    content = file.read()
            except OSError:
                continue
            if int(name) == 1:
                breach(f"/proc/1/{part}")
            if b"grader" in content or b"KATA_" in content:
                breach(f"/proc/{name}/{part} of the judge")
if os.path.exists(f"/proc/{JUDGE}/status") and os.getpid() != JUDGE and JUDGE > 1000:
    with open(f"/proc/{JUDGE}/cmdline", "rb") as file:
        if b"python" in file.read() and os.getsid(JUDGE) != os.getsid(0):
            breach("the judge's process")
