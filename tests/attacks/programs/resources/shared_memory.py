"""Fills /dev/shm by way of mmap."""

import mmap
import os

blocks = []
try:
    for number in range(1000):
        descriptor = os.open(f"/dev/shm/{number}", os.O_CREAT | os.O_RDWR)
        os.posix_fallocate(descriptor, 0, 1 << 22)
        blocks.append(mmap.mmap(descriptor, 1 << 22))
except OSError:
    pass
if len(blocks) > 16:
    breach(f"{len(blocks) * 4} MiB of shared memory")
