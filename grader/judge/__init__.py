"""Drive the hidden checks with pytest; learner code runs in executions only, never here."""
