"""Grade on all cores, and end well when somebody interrupts: the first signal counts, and is never lost."""
