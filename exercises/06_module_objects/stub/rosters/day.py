"""Who stands the day watch, and who relieves them."""

__all__ = ["who", "relieve"]

WATCH = ["Evert", "Fien"]


def who(hour):
    """The warden on duty at that hour, 0 to 23."""
    return WATCH[hour % len(WATCH)]


def relieve(warden):
    """Put another warden on watch, for all hours."""
    global WATCH
    WATCH = [warden]


if __name__ == "__main__":
    print("Day watch:", ", ".join(WATCH))
