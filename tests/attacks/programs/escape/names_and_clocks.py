"""Changes the machine's name, its clock, and who it is."""

import os
import socket
import time

refused("another host name", lambda: socket.sethostname("mine"))
refused("another time", lambda: time.clock_settime(time.CLOCK_REALTIME, 0))
for change in (os.setuid, os.setgid, os.seteuid, os.setegid):
    refused(f"{change.__name__}(0)", lambda: change(0))
refused("groups", lambda: os.setgroups([0]))
status = open("/proc/self/status").read()
facts = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
if facts["NoNewPrivs"] != "1" or facts["Seccomp"] != "2" or 0 in map(int, facts["Uid"].split()):
    breach("privileges: " + repr([facts["NoNewPrivs"], facts["Seccomp"], facts["Uid"]]))
for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
    if int(facts[name], 16) and name != "CapBnd":
        breach(f"capabilities {name} {facts[name]}")
