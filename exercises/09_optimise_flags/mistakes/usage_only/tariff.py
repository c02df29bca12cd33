"""What a visiting vessel pays: how to ask for it, so far."""

import sys

import rates

USAGE = "usage: tariff.py quote --length METRES --nights NIGHTS"


def audit(table):
    """To be written."""


def main():
    """Do what the command line says."""
    if sys.argv[1:] == ["usage"]:
        print(USAGE)
    else:
        print(f"to be written; a metre costs {rates.BASE}")


if __name__ == "__main__":
    main()
