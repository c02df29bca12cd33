"""Complains in one line of ten million characters."""

raise ValueError("x" * 10_000_000)
