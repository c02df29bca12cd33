"""Print what this week's stays bring in.

    python -m dock.report
"""

from dock.billing import Invoice
from dock.booking import Booking

STAYS = [Booking("Alma", 3), Booking("Corvina", 12)]


def lines():
    """A line for each stay, and one for a single night."""
    for stay in STAYS:
        yield f"{stay.ship}: {stay.invoice().total()}"
    yield f"one night: {Invoice(Booking('anybody', 1)).total()}"


if __name__ == "__main__":
    for line in lines():
        print(line)
