"""The pages that were put on tape. For the archive's eyes only."""

FIRST_CALLS = {"Alma": 1987, "Corvina": 1994, "Petrel": 2000}
