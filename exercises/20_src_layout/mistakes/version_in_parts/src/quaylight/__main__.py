"""The `quaylight` command."""

import sys

from quaylight import SIGNALS, signal

VERSION = (2, 1, 0)


def main(argv=None):
    """Print the version, or the signals of the ships in `argv`, by default of all."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments == ["--version"]:
        print("quaylight {}.{}.{}".format(*VERSION))
        return 0
    for ship in arguments or SIGNALS:
        print(f"{ship}: {signal(ship)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
