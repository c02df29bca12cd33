"""Opens and makes devices."""

import os
import stat

harmless = {
    "null",
    "zero",
    "full",
    "random",
    "urandom",
    "tty",
    "shm",
    "fd",
    "stdin",
    "stdout",
    "stderr",
}
for name in os.listdir("/dev"):
    if name not in harmless:
        breach(f"/dev/{name}")
for place in ("/tmp", "/dev/shm", os.environ.get("HOME", "/tmp")):
    refused("a device of its own", lambda: os.mknod(f"{place}/disk", stat.S_IFBLK | 0o666, os.makedev(8, 0)))
    refused("a device of its own", lambda: os.mknod(f"{place}/memory", stat.S_IFCHR | 0o666, os.makedev(1, 1)))
refused("a file in /dev", lambda: open("/dev/mine", "w"))
