"""Gear for the quays of Port Merrow."""

DEFAULT_LOAD = 5  # tonnes, on one rope
