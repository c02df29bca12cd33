"""Says what looks like paths and secrets of the judge."""

print("$PROJECT", JUDGES_HOME + "/.ssh/id_rsa", "hidden_tests/test_x.py", "Traceback (most recent call last):")
raise SystemExit(7)
