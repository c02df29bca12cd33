"""Settings from the environment, which are looked at when this file is run."""

import os


def number(text):
    """The number that a text stands for."""
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"MERROW_DATUM is no number: {text!r}") from None


DATUM = number(os.environ.get("MERROW_DATUM", "0"))
