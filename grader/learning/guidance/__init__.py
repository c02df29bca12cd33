"""What helps a learner on: hints, solutions, what changed since the last attempt, what comes next."""
