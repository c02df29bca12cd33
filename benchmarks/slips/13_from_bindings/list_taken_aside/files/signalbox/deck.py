"""The deck's list of flags."""

import signalbox.flags as _locker

_in_the_locker = _locker.__all__


def names():
    return sorted(_in_the_locker)
