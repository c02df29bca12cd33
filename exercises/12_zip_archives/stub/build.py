"""Put the lifeboat's program into one file: python build.py OUT."""

import sys


def main(argv=None):
    """Make the archive named on the command line; return the exit status."""
    (out,) = sys.argv[1:] if argv is None else argv
    print(f"{out}: to be built", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
