"""Tell which copy of a module this interpreter would take, and which ones that hides.

    python whence.py soundings
"""

import sys


def main(argv=None):
    """Print the answer for the name in `argv`, or on the command line, as JSON; return the exit status."""
    print("{}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
