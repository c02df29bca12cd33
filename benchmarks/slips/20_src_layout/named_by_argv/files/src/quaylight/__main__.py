"""What the lights say, on the command line."""

import argparse
import sys

import quaylight


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--version", action="store_true")
    parser.add_argument("ship", nargs="*", default=list(quaylight.SIGNALS))
    asked = parser.parse_args()
    if asked.version:
        print(parser.prog, quaylight.__version__)
        return
    for ship in asked.ship:
        print(ship, quaylight.signal(ship), sep=": ")


if __name__ == "__main__":
    sys.exit(main())
