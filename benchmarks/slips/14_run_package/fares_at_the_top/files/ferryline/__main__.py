"""The ferry's timetable on the command line."""

import os
import pickle
import sys
from importlib import import_module

import ferryline

from . import east, west

FARES = {route.name: route.fare for route in ferryline.routes()}


def main(words):
    guest = os.environ.get("FERRY_EXTRA")
    if guest:
        import_module(guest)
    if words[0] == "list":
        print("\n".join(sorted(FARES)))
    elif words[0] == "dump":
        with open(words[1], "wb") as file:
            pickle.dump(ferryline.routes(), file)
    elif words[1] in FARES:
        print(FARES[words[1]])
    else:
        sys.stderr.write(f"nobody goes to {words[1]}\n")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
