"""The horn's command line."""

import sys
import traceback
from importlib.metadata import entry_points

GROUP = "merrow_horn.sounds"


def main():
    """List the sounds, or play one of them."""
    command, *names = sys.argv[1:]
    sounds = {point.name: point for point in entry_points(group=GROUP)}
    if command == "list":
        for name in sorted(sounds):
            print(name)
        return 0
    if command == "play":
        name = names[0]
        if name not in sounds:
            print(f"no sound {name!r}", file=sys.stderr)
            return 2
        try:
            text = sounds[name].load()()
        except ModuleNotFoundError as error:
            print(f"no sound {name!r}: {error}", file=sys.stderr)
            return 2
        except Exception:
            traceback.print_exc()
            return 3
        print(text)
        return 0
    print(f"unknown command {command!r}", file=sys.stderr)
    return 64


if __name__ == "__main__":
    sys.exit(main())
