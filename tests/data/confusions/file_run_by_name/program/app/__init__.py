"""A planner."""
