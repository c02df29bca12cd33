"""Try the hidden checks with pytest: how they declare themselves, what they look at, and what comes of them."""
