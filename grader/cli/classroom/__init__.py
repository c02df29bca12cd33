"""The instructor's commands: `kata class …`."""
