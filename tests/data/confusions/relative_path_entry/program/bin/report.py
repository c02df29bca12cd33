import sys

sys.path.append("lib")
import soundings
