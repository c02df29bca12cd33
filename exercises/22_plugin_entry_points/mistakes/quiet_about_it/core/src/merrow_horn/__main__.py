"""The horn's command line: `list`, or `play NAME`."""

import sys

from merrow_horn import sounds


def main():
    """List the sounds, or play one of them; returns the exit status."""
    match sys.argv[1:]:
        case ["list"]:
            for name in sorted(sounds()):
                print(name)
            return 0
        case ["play", name]:
            return play(name)
    print("usage: merrow-horn list | play NAME", file=sys.stderr)
    return 2


def play(name):
    """Play one sound; returns the exit status."""
    entry = sounds().get(name)
    if entry is None:
        print(f"no sound is called {name}", file=sys.stderr)
        return 2
    try:
        sound = entry.load()()
    except Exception:  # it is somebody else's code
        return 3
    print(sound)
    return 0


if __name__ == "__main__":
    sys.exit(main())
