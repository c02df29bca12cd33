"""The lamp of the lighthouse at Merrow Head."""
