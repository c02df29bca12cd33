"""The signal box: storm signals, flags, and a horn."""
