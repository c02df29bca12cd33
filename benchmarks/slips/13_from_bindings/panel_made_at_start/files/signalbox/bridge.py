"""The bridge: a panel with a label and a handle."""

import signalbox.state


class _Panel:
    def __init__(self, box):
        self.label = box.LEVEL
        self.handle = box.horn


_panel = _Panel(signalbox.state)


def current():
    return _panel.label


def sound():
    return _panel.handle()
