"""Patches open and the file system calls, so that everything seems to be there."""

import builtins
import io
import os
import os.path

builtins.open = io.open = lambda *arguments, **more: io.StringIO("0")
os.path.exists = os.path.isfile = os.path.isdir = lambda path: True
os.stat = lambda path, **more: None
os.listdir = lambda path=".": []
