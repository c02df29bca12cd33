"""python -m lifeboat"""

import sys

from . import main

sys.exit(main())
