"""`kata watch`: grade on each save, and show how it stands, as a full screen or line by line."""
