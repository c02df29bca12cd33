import sys

sys.path.append("app")
import planner
