"""How flags are read out."""

import string


def spoken(flag):
    """A flag as it is read out, such as "Diver Down"."""
    return string.capwords(flag)
