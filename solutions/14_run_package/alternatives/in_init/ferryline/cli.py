"""The program."""

import argparse
import os
import pickle
import sys
from importlib import import_module
from pathlib import Path

import ferryline


def main(argv: "list[str] | None" = None) -> int:
    """Do what the command line says; return the exit status."""
    parser = argparse.ArgumentParser(prog="ferryline")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("list")
    commands.add_parser("fare").add_argument("name")
    commands.add_parser("dump").add_argument("file", type=Path)
    arguments = parser.parse_args(argv)
    extra = os.environ.get("FERRY_EXTRA")
    if extra:
        import_module(extra)
    if arguments.command == "list":
        print(*(route.name for route in ferryline.routes()), sep="\n")
    elif arguments.command == "dump":
        arguments.file.write_bytes(pickle.dumps(ferryline.routes()))
    else:
        found = [route for route in ferryline.routes() if route.name == arguments.name]
        if not found:
            print(f"no such route: {arguments.name}", file=sys.stderr)
            return 3
        print(found[0].fare)
    return 0
