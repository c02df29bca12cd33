"""The sound of fog."""


class Weather:
    """What one hears of the weather."""

    @staticmethod
    def fog():
        """What the horn sounds like in fog."""
        return "BRRROOOM"
