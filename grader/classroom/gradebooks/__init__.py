"""Write grades into gradebooks that were exported from other systems, cell by cell."""
