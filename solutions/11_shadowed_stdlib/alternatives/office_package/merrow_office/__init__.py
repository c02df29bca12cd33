"""What the programs of the office share."""
