import os, sys

sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + "/lib")
import soundings

print(soundings.DEPTH)
