"""Look after bytecode.

    python cachekeeper.py where FILE
    python cachekeeper.py build DIR
    python cachekeeper.py ship SRC DST
    python cachekeeper.py status FILE
"""

import argparse
import sys


def main(argv=None):
    """Do what the command line says; return the exit status."""
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    for name, words in (("where", ["FILE"]), ("build", ["DIR"]), ("ship", ["SRC", "DST"]), ("status", ["FILE"])):
        command = commands.add_parser(name)
        for word in words:
            command.add_argument(word.lower(), metavar=word)
    asked = parser.parse_args(argv)
    print(f"{asked.command}: to be written", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
