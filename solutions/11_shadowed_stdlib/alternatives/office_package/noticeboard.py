"""The notice board on the quay: how many days a month has, and which local holidays."""

import calendar
from argparse import ArgumentParser

from merrow_office import calendar as local


def board(year, month):
    lines = ["days: %d" % calendar.monthrange(year, month)[1]]
    lines.extend("holiday: %d %s" % holiday[1:] for holiday in sorted(local.LOCAL) if holiday[0] == month)
    return lines


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("year", type=int)
    parser.add_argument("month", type=int)
    print(*board(**vars(parser.parse_args())), sep="\n")
