"""What a visiting vessel pays."""

import json
import sys
from dataclasses import dataclass
from decimal import Decimal

import rates


class Refused(Exception):
    """A stay that can't be; its text says why."""


@dataclass
class Stay:
    """A visit of one vessel."""

    length: Decimal
    nights: int

    def __post_init__(self):
        if self.length <= 0:
            raise Refused("a vessel has some length")
        if self.nights < 1:
            raise Refused("who stays, stays a night")

    @property
    def price(self):
        """In crowns, all surcharges included."""
        for_length = self.length * Decimal(str(rates.BASE))
        once = Decimal(str(rates.LONG)) if self.length > rates.LONG_FROM else 0
        return self.nights * (for_length + Decimal(str(rates.LIGHT))) + once


def audit(table):
    """A check for developers: it is compiled away together with the assert statements."""
    if __debug__:
        for name, rate in table.items():
            if rate < 0:
                raise AssertionError(f"{name} is {rate}")


def documented():
    """Only -OO takes this sentence away."""


def main():
    """Do what the command line says; return the exit status."""
    match sys.argv[1:]:
        case ["quote", "--length", length, "--nights", nights]:
            try:
                print(f"total: {Stay(Decimal(length), int(nights)).price:.2f}")
            except Refused as error:
                print(f"Error: {error}", file=sys.stderr)
                return 2
        case ["usage"]:
            print("usage: tariff.py quote --length METRES --nights NIGHTS")
        case ["selfcheck"]:
            known = {"optimize": sys.flags.optimize, "asserts": __debug__, "docstrings": bool(documented.__doc__)}
            json.dump(known, sys.stdout, indent=4)
            print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
