"""Complains in a million lines."""

raise ValueError("x\n" * 1_000_000)
