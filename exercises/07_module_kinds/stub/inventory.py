"""Say of modules what kind of thing Python would load.

    python -m inventory json sys
"""


def kind(name):
    """What Python would load for `import name`, in one word."""
    raise NotImplementedError
