"""The crane."""


def __getattr__(name):
    if name != "limit":
        raise AttributeError(name)
    from merrow_gear.winch import DEFAULT_LOAD

    return DEFAULT_LOAD.__mul__
