"""Readers for what the gauges write."""
