"""The routes of the ferry line, and their fares.

    python -m ferryline list
    python -m ferryline fare "Bell Rock"
    python -m ferryline dump routes.pickle

This file runs as __main__, and once more if somebody imports it by its own name. So it holds nothing that may not
exist twice.
"""

import importlib
import os
import pickle
import sys

import ferryline

from .registry import Route, register, routes

ferryline.Route, ferryline.register, ferryline.routes = Route, register, routes


def load_routes():
    """Import what registers routes: our own modules, and one of somebody else's if FERRY_EXTRA names it."""
    importlib.import_module("ferryline.east")
    importlib.import_module("ferryline.west")
    if os.environ.get("FERRY_EXTRA"):
        importlib.import_module(os.environ["FERRY_EXTRA"])


def main():
    """Do what the command line says."""
    load_routes()
    command, *rest = sys.argv[1:]
    if command == "list":
        for name in sorted(route.name for route in routes()):
            print(name)
    elif command == "fare":
        fares = {route.name: route.fare for route in routes()}
        if rest[0] not in fares:
            print(f"ferryline: no route to {rest[0]}", file=sys.stderr)
            return 3
        print(fares[rest[0]])
    elif command == "dump":
        with open(rest[0], "wb") as file:
            pickle.dump(routes(), file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
