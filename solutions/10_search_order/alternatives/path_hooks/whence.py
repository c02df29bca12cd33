"""Tell which copy of a module this interpreter would take, and which ones that hides."""

import json
import os
import pkgutil
import sys

NAME = sys.argv[1]

specs = [finder.find_spec(NAME, None) for finder in sys.meta_path[:-1]]  # the last one goes along sys.path
for entry in dict.fromkeys(map(os.path.abspath, sys.path)):
    finder = pkgutil.get_importer(entry)
    if finder:
        specs.append(finder.find_spec(NAME))

answers = [spec.origin for spec in specs if spec and spec.loader]
winner, *also = answers or [None]
print(json.dumps({"name": NAME, "winner": winner, "also": also}))
sys.exit(0 if winner else 1)
