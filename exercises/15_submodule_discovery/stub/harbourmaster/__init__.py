"""The harbour master's office."""
