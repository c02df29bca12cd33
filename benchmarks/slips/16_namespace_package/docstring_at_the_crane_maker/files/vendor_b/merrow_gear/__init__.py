"""Gear of Port Merrow. This file makes the folder a package."""
