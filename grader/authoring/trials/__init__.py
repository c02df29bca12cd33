"""What the trials of an exercise have in common: mutants, cheats and damage."""
