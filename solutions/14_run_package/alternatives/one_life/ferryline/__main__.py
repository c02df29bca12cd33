"""The routes of the ferry line, and their fares.

    python -m ferryline list
    python -m ferryline fare "Bell Rock"
    python -m ferryline dump routes.pickle
"""

import importlib
import os
import pickle
import sys

ROUTES = []


class Route:
    """A place that the ferry goes to, and the fare."""

    def __init__(self, name, fare):
        self.name = name
        self.fare = fare


def register(route):
    """Take a route into the timetable."""
    ROUTES.append(route)


def routes():
    """All routes that were registered so far."""
    return list(ROUTES)


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
    # From here on the module of this name does the work, the one that everybody else imports.
    from ferryline import __main__ as ferryline_main

    sys.exit(ferryline_main.main())
