import sys

sys.path.append(__file__ + "/../../lib")
import xylophones
