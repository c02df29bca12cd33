"""The import x-ray: run a command with a recorder beside it, and make a tree of what was imported."""
