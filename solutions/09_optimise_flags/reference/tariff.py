"""What a visiting vessel pays, quoted alike in every mode of Python."""

import argparse
import json
import sys

import rates

USAGE = "usage: tariff.py quote --length METRES --nights NIGHTS"


def audit(table):
    """For us who work on this program: no rate in the table, from names to numbers, is negative."""
    assert all(rate >= 0 for rate in table.values()), f"a negative rate in {table}"


def quote(length, nights):
    """What a vessel of that length, in metres, pays for so many nights."""
    audit({"base": rates.BASE, "light": rates.LIGHT, "long": rates.LONG})
    surcharges = [nights * rates.LIGHT]
    if length > rates.LONG_FROM:
        surcharges.append(rates.LONG)
    return length * nights * rates.BASE + sum(surcharges)


def selfcheck():
    """What this run of Python leaves in place."""
    return {
        "asserts": __debug__,
        "docstrings": selfcheck.__doc__ is not None,
        "optimize": sys.flags.optimize,
    }


def main():
    """Do what the command line says."""
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    quoting = commands.add_parser("quote")
    quoting.add_argument("--length", type=float, required=True)
    quoting.add_argument("--nights", type=int, required=True)
    commands.add_parser("usage")
    commands.add_parser("selfcheck")
    asked = parser.parse_args()
    if asked.command == "quote":
        if asked.length <= 0:
            quoting.error("the length must be more than 0")
        if asked.nights < 1:
            quoting.error("a visitor stays for a night at least")
        print(f"total: {quote(asked.length, asked.nights):.2f}")
    elif asked.command == "usage":
        print(USAGE)
    else:
        print(json.dumps(selfcheck()))


if __name__ == "__main__":
    main()
