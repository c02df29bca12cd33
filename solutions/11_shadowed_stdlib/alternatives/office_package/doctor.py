"""Find the files in a folder that hide modules of the standard library."""

import json
import sys

from merrow_office.modules import modules

names = modules(sys.argv[1]) & sys.stdlib_module_names
hidden = sorted(names.difference(sys.builtin_module_names))
print(json.dumps(hidden, indent=2))
sys.exit(bool(hidden))
