"""What all tests of the buoys share."""
