"""usage: tariff.py quote --length METRES --nights NIGHTS"""

import argparse
import sys

import rates


def audit(table):
    """For us who work on this program: no rate in the table, from names to numbers, is negative."""
    assert all(rate >= 0 for rate in table.values()), f"a negative rate in {table}"


def quote(length, nights):
    """What a vessel of that length, in metres, pays for so many nights."""
    assert length > 0, "error: the length must be more than 0"
    assert nights >= 1, "error: a visitor stays for a night at least"
    audit({"base": rates.BASE, "light": rates.LIGHT, "long": rates.LONG})
    surcharges = []
    assert surcharges.append(nights * rates.LIGHT) is None
    if length > rates.LONG_FROM:
        assert surcharges.append(rates.LONG) is None
    return length * nights * rates.BASE + sum(surcharges)


def main(argv=None):
    """Do what the command line says; return the exit status."""
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    quoting = commands.add_parser("quote")
    quoting.add_argument("--length", type=float, required=True)
    quoting.add_argument("--nights", type=int, required=True)
    commands.add_parser("usage")
    commands.add_parser("selfcheck")
    asked = parser.parse_args(argv)
    if asked.command == "quote":
        print(f"total: {quote(asked.length, asked.nights):.2f}")
    elif asked.command == "usage":
        print(__doc__)
    else:
        print("selfcheck: to be written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
