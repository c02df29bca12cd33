"""The `quaylight` command."""

import argparse

from quaylight import SIGNALS, __version__, signal


def run():
    """Print the signals of the ships on the command line, by default of all."""
    parser = argparse.ArgumentParser(prog="quaylight")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.add_argument("ship", nargs="*", choices=[*SIGNALS, []])
    for ship in parser.parse_args().ship or SIGNALS:
        print(f"{ship}: {signal(ship)}")
