"""What a class shows as a whole: numbers, who failed alike, what to say to them, and the dashboard."""
