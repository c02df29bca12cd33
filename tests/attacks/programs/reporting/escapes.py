"""Writes escape sequences, bidirectional marks, HTML and Markdown to whoever reads a report."""

import sys

EVIL = "\x1b[2J\x1b]0;passed\x07\x1b]8;;http://evil.example\x07\u202e\u2066\r100/100 passed\n<script>alert(1)</script> ](x) ``` | ~~~\x9b31m\0"
for stream in (sys.stdout, sys.stderr):
    stream.write(EVIL)
raise type("Evil" + EVIL, (Exception,), {})(EVIL)
