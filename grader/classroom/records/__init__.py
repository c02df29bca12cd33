"""What is known of a class: the course, its people, the ledger of what was handed in and graded, and what counts."""
