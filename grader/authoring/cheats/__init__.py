"""Cheats: programs made by machine that do nothing of what is asked, and try to get points all the same."""
