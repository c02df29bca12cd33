"""To be changed at each release, together with pyproject.toml."""

__version__ = "2.1.0"
