"""Loads of the winch, in tonnes."""

DEFAULT_LOAD = 5
