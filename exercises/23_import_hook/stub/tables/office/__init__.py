"""What the harbour office knows by heart."""
