"""What an instructor does: take submissions in, grade them all, defend and hand out the grades."""
