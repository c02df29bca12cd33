import sys

from lifeboat.roll import main

sys.exit(main())
