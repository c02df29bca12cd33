"""Writes to every switch of the kernel."""

import os


def write(path):
    descriptor = os.open(path, os.O_WRONLY)
    os.write(descriptor, b"1")


for top in ("/proc/sys", "/sys", "/proc/irq", "/proc/acpi"):
    for folder, _, names in os.walk(top):
        for name in names:
            refused(f"writing to {folder}/{name}", lambda: write(os.path.join(folder, name)))
for name in ("sysrq-trigger", "kcore", "kmem", "mtrr", "timer_list", "latency_stats"):
    refused(f"writing to /proc/{name}", lambda: write(f"/proc/{name}"))
