"""The `quaylight` command."""

import sys

from quaylight import SIGNALS, __version__, signal


def main(argv=None):
    """Print the version, or the signals of the ships in `argv`, by default of all."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments == ["--version"]:
        print(f"quaylight {__version__}")
        return 0
    for ship in arguments or SIGNALS:
        print(f"{ship}: {signal(ship)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
