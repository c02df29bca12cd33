"""What is known of the water."""
