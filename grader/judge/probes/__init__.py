"""Probes: lines of ours that run beside learner code, are asked one statement at a time, and report under a seal."""
