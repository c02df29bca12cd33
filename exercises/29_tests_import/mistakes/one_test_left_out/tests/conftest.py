"""What all tests of the buoys share."""

collect_ignore = ["shape"]
