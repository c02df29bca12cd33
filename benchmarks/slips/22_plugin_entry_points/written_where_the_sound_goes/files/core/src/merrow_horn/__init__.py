"""The horn, and where its sounds come from."""

from importlib import metadata


def offers():
    return list(metadata.entry_points(group="merrow_horn.sounds"))
