def allocate():
    """Nothing."""
