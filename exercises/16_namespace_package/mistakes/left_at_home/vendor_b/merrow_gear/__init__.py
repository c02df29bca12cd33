"""Gear for the quays of Port Merrow."""
