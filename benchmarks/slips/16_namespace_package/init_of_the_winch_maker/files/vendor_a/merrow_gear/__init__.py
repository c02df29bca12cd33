"""Not packed: see packages= in setup.py."""
