"""The folder that a learner works in: projects, stubs, updates, backups, and grading what is there."""
