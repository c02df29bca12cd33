"""The clerk's old notes on how many ships came in. Leave them where they are."""

MARK = "clerk"

SHIPS = {1998: 412, 1999: 398, 2000: 441}
