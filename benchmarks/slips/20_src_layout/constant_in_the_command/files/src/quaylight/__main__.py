"""What the lights say, on the command line."""

import argparse

import quaylight

VERSION = "2.1"


def main():
    parser = argparse.ArgumentParser(prog="quaylight")
    parser.add_argument("--version", action="version", version="%(prog)s " + VERSION)
    parser.add_argument("ship", nargs="*", default=list(quaylight.SIGNALS))
    for ship in parser.parse_args().ship:
        print(ship, quaylight.signal(ship), sep=": ")


if __name__ == "__main__":
    main()
