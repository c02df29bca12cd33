"""The import x-ray, as text for a terminal and as JSON."""
