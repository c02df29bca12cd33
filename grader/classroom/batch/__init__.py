"""Grade what the ledger lacks, here or on several machines, and grade again what other checks graded."""
