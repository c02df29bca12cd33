"""Asks the build to end with status 0."""

raise SystemExit(0)
