"""The sound of fog."""


class Fog:
    """Weather, with a sound of its own."""

    def __call__(self):
        return "B" + 3 * "R" + 3 * "O" + "M"


fog = Fog()
