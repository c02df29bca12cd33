"""The night book."""

from dataclasses import dataclass

from nightdesk import almanac


@dataclass
class Entry:
    """A line of the night book: what somebody was told about the tide."""

    place: str
    tide: almanac.Tide
