"""Grades into the gradebooks of other systems: an export that the instructor made is filled, cell by cell."""
