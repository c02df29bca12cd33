"""Read what the recorder wrote, and build the tree of imports from it."""
