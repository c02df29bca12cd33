"""What a learner does: work in a workspace, get guidance, and watch the grading of each save."""
