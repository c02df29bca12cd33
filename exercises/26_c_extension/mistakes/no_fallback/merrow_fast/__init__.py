"""The sum of many whole numbers, fast."""

from ._sum import total

backend = "c"
