"""Damaged projects, made by machine: each gets a grade with a sentence, or is refused with one."""
