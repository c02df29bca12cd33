"""Tell which copy of a module this interpreter would take, and which ones that hides."""

import json
import os
import pkgutil
import sys

NAME = sys.argv[1]

answers = []
for finder in sys.meta_path[:-1]:  # all but the last, which is the one that goes along sys.path
    spec = finder.find_spec(NAME, None)
    if spec is not None:
        answers.append(spec.origin)

seen = set()
for entry in map(os.path.abspath, sys.path):
    finder = pkgutil.get_importer(entry)
    if entry in seen or finder is None:
        continue
    seen.add(entry)
    spec = finder.find_spec(NAME)
    if spec is not None and spec.loader is not None:
        answers.append(spec.origin)

inside = [answer for answer in answers if answer in ("built-in", "frozen")]
files = [answer for answer in answers if answer not in inside]
winner = inside[0] if inside else files.pop(0) if files else None
print(json.dumps({"name": NAME, "winner": winner, "also": files}))
sys.exit(0 if winner else 1)
