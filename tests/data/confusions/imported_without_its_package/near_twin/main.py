import sys

sys.path.append("app")
raise ImportError("attempted nothing")
