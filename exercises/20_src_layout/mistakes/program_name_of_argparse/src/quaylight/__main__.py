"""The `quaylight` command."""

import argparse
import sys

from quaylight import SIGNALS, __version__, signal


def main(argv=None):
    """Print the version, or the signals of the ships in `argv`, by default of all."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.add_argument("ships", nargs="*")
    for ship in parser.parse_args(argv).ships or SIGNALS:
        print(f"{ship}: {signal(ship)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
