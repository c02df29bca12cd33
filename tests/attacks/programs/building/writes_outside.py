"""Plants files outside while it builds."""

import os

for place in (
    "/",
    "/tmp",
    "/usr",
    "/etc",
    os.pardir,
    "/proc/sys/kernel",
    CATALOGUE,
    REPOSITORY,
    OUTSIDE,
    TOOLCHAIN,
    PREFIX,
):
    try:
        with open(os.path.join(place, "planted.txt"), "w") as file:
            file.write("planted")
        if place not in ("/tmp", os.pardir):
            breach(f"a file in {place}")
    except OSError:
        pass
raise SystemExit(0)
