"""Reads and writes the memory of the namespace's init."""

for part in ("mem", "environ", "maps", "root/etc/shadow", "fd", "cwd/etc"):
    refused(f"/proc/1/{part}", lambda: open(f"/proc/1/{part}", "rb").read(1))
refused("/proc/1/mem for writing", lambda: open("/proc/1/mem", "r+b"))
system_call("process_vm_readv", 310, 1, 0, 0, 0, 0, 0)
system_call("process_vm_writev", 311, 1, 0, 0, 0, 0, 0)
