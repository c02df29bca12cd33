"""Virtualenvs, the toolchain, builds and installs: all that surrounds a project when it runs."""
