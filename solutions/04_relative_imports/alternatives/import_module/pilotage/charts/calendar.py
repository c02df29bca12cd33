"""The pilots' own calendar: what they call the highest tide of each month."""

TIDES = {
    1: "wolf",
    2: "candle",
    3: "lent",
    4: "lark",
    5: "thorn",
    6: "hay",
    7: "herring",
    8: "barley",
    9: "apple",
    10: "goose",
    11: "gale",
    12: "yule",
}


def tide(month):
    """The name of the highest tide of a month; January is 1."""
    return TIDES[month]
