"""What a learner does."""
