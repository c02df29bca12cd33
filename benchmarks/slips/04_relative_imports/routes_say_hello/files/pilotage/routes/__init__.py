"""Passages and their legs."""

import sys

sys.stdout.write("routes: ready\n")
