"""The rules of the harbour."""

STATE = ("HITS",)  # what is to outlive new rules

HITS = 0
LOG = []
LIMIT = 6.0  # knots


def check(speed):
    """Whether a vessel may go that fast; whoever may not is counted."""
    global HITS
    LOG.append(speed)
    if speed > LIMIT:
        HITS += 1
    return speed <= LIMIT
