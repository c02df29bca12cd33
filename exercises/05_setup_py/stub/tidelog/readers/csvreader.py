"""Gauges that write one `day,height` line for each day."""


def read(lines):
    """A table from such lines."""
    pairs = (line.strip().split(",") for line in lines if line.strip())
    return {day: float(height) for day, height in pairs}
