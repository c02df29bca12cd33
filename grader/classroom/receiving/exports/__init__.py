"""Read the zips that an instructor downloads from other systems, by each system's rules."""
