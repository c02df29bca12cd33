"""Make the modules of a folder importable.

    eval "$(python install_path.py DIR)"
"""

import sys

print(f'export PYTHONPATH="{sys.argv[1]}:$PYTHONPATH"')
