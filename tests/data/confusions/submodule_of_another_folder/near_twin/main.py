import sys

sys.path += [__file__.replace("main.py", "a"), __file__.replace("main.py", "b")]
import gear.crane
