"""Reports a wheel that it did not build."""

import base64
import json
import os

claim = {"../../evil.whl": "eA==", "merrow_tidelog-1.4.0-py3-none-any.whl": base64.b64encode(b"PK").decode()}
for descriptor in range(3, 64):
    try:
        os.write(descriptor, json.dumps(claim).encode())
    except OSError:
        pass
os._exit(0)
