"""What the results of a class show: statistics, who failed alike, comments for them, and the dashboard."""
