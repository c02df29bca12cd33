"""Lets programs import tide tables.

    import tideloader
    tideloader.install()
    import springs  # reads springs.tide
"""


def install():
    """From now on tables can be imported."""


def uninstall():
    """From now on they can't, as before."""
