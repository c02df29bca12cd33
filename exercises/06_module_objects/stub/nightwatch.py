"""The watch program: load rosters by their path, and ask them who is on duty."""


def load(path):
    """The roster in the file at `path`, as a module."""
    raise NotImplementedError


def public_names(module):
    """The sorted names that a module offers to others."""
    raise NotImplementedError


def on_duty(modules, hour):
    """The wardens on duty at that hour, one for each module."""
    raise NotImplementedError
