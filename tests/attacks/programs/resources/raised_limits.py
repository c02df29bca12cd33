"""Raises its own limits and priority."""

import os
import resource

for name in (
    "RLIMIT_AS",
    "RLIMIT_NPROC",
    "RLIMIT_FSIZE",
    "RLIMIT_CPU",
    "RLIMIT_NOFILE",
    "RLIMIT_CORE",
    "RLIMIT_MEMLOCK",
):
    refused(f"{name} raised", lambda: resource.setrlimit(getattr(resource, name), (resource.RLIM_INFINITY,) * 2))
refused("a higher priority", lambda: os.nice(-5))
refused("real-time scheduling", lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)))
