"""`python -m grader` is the `kata` command."""

from grader.cli import main

main()
