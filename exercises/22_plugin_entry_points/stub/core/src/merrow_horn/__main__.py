"""The horn's command line."""

import sys

from merrow_horn import SOUNDS


def main():
    """List the sounds, or play one of them."""
    command, *names = sys.argv[1:]
    if command == "list":
        for name in SOUNDS:
            print(name)
    elif command == "play":
        print(SOUNDS[names[0]]())


if __name__ == "__main__":
    main()
