"""High water at Port Merrow."""

HIGH_WATER = ["04:10", "16:35"]


def next_tide(now):
    """The next high water after `now`, as "HH:MM" like `now` itself; after the last one, tomorrow's first."""
    for time in HIGH_WATER:
        if time > now:
            return time
    return HIGH_WATER[0]
