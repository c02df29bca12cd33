"""Hostile submissions, and the arena where they meet the grader; `python -m tests.attacks` prints what came of each."""
