"""The ferry line of Port Merrow."""


def __getattr__(name):
    if name not in ("Route", "register", "routes"):
        raise AttributeError(name)
    import __main__

    return getattr(__main__, name)
