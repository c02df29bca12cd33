"""The `tidelog` command."""

GAUGES = ("north quay", "south quay", "lifeboat slip")


def main(argv=None):
    """Print how many gauges there are, and return that number."""
    print(f"gauges: {len(GAUGES)}")
    return len(GAUGES)
