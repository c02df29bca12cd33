"""Which way to go."""
