"""Who stands the night watch."""

import datetime

WATCH = ["Ada", "Bram", "Cees"]


def who(hour):
    """The warden on duty at that hour, 0 to 23."""
    return WATCH[hour % len(WATCH)]


if __name__ == "__main__":
    print("On duty now:", who(datetime.datetime.now().hour))
