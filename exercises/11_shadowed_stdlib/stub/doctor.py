"""Find the files in a folder that hide modules of the standard library.

    python doctor.py DIR
"""

import sys


def main(argv=None):
    """Print the hidden names as a JSON list; return the exit status."""
    print("[]")
    return 0


if __name__ == "__main__":
    sys.exit(main())
